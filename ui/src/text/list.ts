/** `member, staff` as people write a list: its words, without doubles. */
export function listed(text: string): string[] {
  return [...new Set(text.split(",").map((word) => word.trim()))].filter((word) => word !== "");
}
