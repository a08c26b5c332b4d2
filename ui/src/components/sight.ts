// Runs something when an element comes into sight, with a screenful to spare.

import type { Attachment } from "svelte/attachments";

export function whenSeen(run: () => void): Attachment<HTMLElement> {
  return (element) => {
    const root = element.closest("[data-scrolls]");
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) run();
      },
      { root, rootMargin: "0px 0px 800px 0px" },
    );
    observer.observe(element);
    return () => observer.disconnect();
  };
}
