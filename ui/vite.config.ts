import { svelte } from "@sveltejs/vite-plugin-svelte";
import { svelteTesting } from "@testing-library/svelte/vite";
import { defineConfig } from "vitest/config";

// A register for development: `countertopd serve --demo` listens there unless told otherwise.
const register = "http://127.0.0.1:7670";

export default defineConfig({
  base: "/",
  plugins: [svelte(), svelteTesting()],
  build: {
    outDir: "dist",
    emptyOutDir: true,
    target: ["es2022", "safari16"],
    cssCodeSplit: false,
    // The content policy allows no data: addresses, so nothing may be inlined as one.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    port: 5173,
    strictPort: true,
    proxy: { "/rpc": register, "/events": register, "/health": register },
  },
  test: {
    environment: "happy-dom",
    include: ["src/**/*.test.ts"],
    setupFiles: ["src/testing/patience.ts"],
    testTimeout: 60_000,
    restoreMocks: true,
  },
});
