#!/usr/bin/python3
"""The yardstick of the window: the smallest page that takes a scan and shows its line.

A page in WebKitGTK, the engine of the register's window on Linux, hears the keys of a scanner, asks
this program for the article, and puts a line at the top. Nothing else: no framework, no pictures,
no sale. No register in this engine can be much quicker to start or to show a line.

usage: bare_page.py DATABASE    (made by countertop-bench; needs a display)
"""
import json
import signal
import sqlite3
import sys

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("WebKit2", "4.1")
from gi.repository import GLib, Gtk, WebKit2  # noqa: E402

PAGE = """<!doctype html><meta charset="utf-8"><style>
body { margin: 0; font: 16px sans-serif; display: grid; grid-template-columns: 1fr 360px; height: 100vh }
#lines { overflow: auto }
.line { display: flex; justify-content: space-between; padding: 16px }
.line:nth-child(odd) { background: #eef }
#total { font-size: 40px; padding: 24px }
</style><div id="lines"></div><div id="total">0.00</div><script>
const lines = document.getElementById("lines"), total = document.getElementById("total");
let code = "", sum = 0, count = 0;
addEventListener("keydown", (event) => {
  if (event.key === "Enter") {
    webkit.messageHandlers.scanned.postMessage(code);
    code = "";
  } else if (event.key.length === 1) code += event.key;
});
function found(name, price) {
  const line = document.createElement("div");
  line.className = "line";
  const what = document.createElement("span"), much = document.createElement("b");
  what.textContent = ++count + " " + name;
  much.textContent = (price / 100).toFixed(2);
  line.append(what, much);
  lines.prepend(line);
  if (lines.children.length > 30) lines.lastChild.remove();
  sum += price;
  total.textContent = (sum / 100).toFixed(2);
}
</script>"""


def main():
    database = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True)
    content = WebKit2.UserContentManager()
    content.register_script_message_handler("scanned")
    view = WebKit2.WebView.new_with_user_content_manager(content)

    def scanned(_, message):
        code = message.get_js_value().to_string()
        article = database.execute(
            "SELECT name, price FROM article WHERE barcode = ?", (code,)
        ).fetchone()
        if article:
            call = f"found({json.dumps(article[0])}, {article[1]})"
            view.evaluate_javascript(call, -1, None, None, None, None)

    content.connect("script-message-received::scanned", scanned)
    window = Gtk.Window(title="bare page")
    window.set_default_size(1280, 800)
    window.add(view)
    window.connect("destroy", Gtk.main_quit)
    window.show_all()
    view.grab_focus()
    view.load_html(PAGE, None)
    GLib.unix_signal_add(GLib.PRIORITY_DEFAULT, signal.SIGTERM, Gtk.main_quit)
    Gtk.main()


main()
