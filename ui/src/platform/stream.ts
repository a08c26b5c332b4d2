// Server-sent events read by hand: the browser's own reader sends no token, and a token has no place
// in an address.

/**
 * Gives the data of each event, until the stream ends.
 * @param heard is told of every sign of life.
 */
export async function readEvents(
  body: ReadableStream<Uint8Array>,
  take: (data: string) => void,
  heard: () => void,
): Promise<void> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  let data: string[] = [];
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    heard();
    rest += decoder.decode(value, { stream: true });
    const lines = rest.split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? "";
    for (const line of lines) {
      if (line.startsWith("data:")) data.push(line.slice(line[5] === " " ? 6 : 5));
      else if (line === "" && data.length > 0) {
        take(data.join("\n"));
        data = [];
      }
    }
  }
}
