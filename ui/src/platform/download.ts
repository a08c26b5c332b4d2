import type { FileView } from "../bindings/api";

/** Long enough for the slowest disk to have read it. */
const LET_GO_MS = 60_000;

/** Saves a file with the person's downloads, in a browser and in the window alike. */
export function download(file: FileView): void {
  const bytes = Uint8Array.from(atob(file.base64), (char) => char.charCodeAt(0));
  const address = URL.createObjectURL(new Blob([bytes], { type: file.media_type }));
  const link = document.createElement("a");
  link.href = address;
  link.download = file.name;
  link.hidden = true;
  document.body.append(link);
  link.click();
  link.remove();
  // Read after the click, so it has to stay for a while.
  setTimeout(() => URL.revokeObjectURL(address), LET_GO_MS);
}
