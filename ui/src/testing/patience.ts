// A machine that stands still for a moment fails no test: what is waited for comes, or it never does.
import { configure } from "@testing-library/svelte";

configure({ asyncUtilTimeout: 20_000 });
