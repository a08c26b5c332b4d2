// Tablets and phones: how they are let in, on the till and on the device itself.

export const tablets = {
  "apps.part.tablets": "Tablets and phones",
  "action.apps.tablets": "Apps: tablets and phones",

  "lan.title": "Open to the network",
  "lan.shut": "Shut. Only this machine can use the register.",
  "lan.open": "Open to paired devices, at:",
  "lan.opening": "Opening",
  "lan.for_this_run": "It was opened on the command line and stays open until the program ends.",
  "lan.trouble": "It should be open, and is not: {words}.",
  "lan.nowhere": "This machine is in no network. Connect it to the shop's network first.",
  "lan.port": "Port",
  "lan.port.bad": "A port is a number from 1024 to 65535",
  "lan.set_open": "Open to the network",
  "lan.set_shut": "Shut",
  "lan.about":
    "Tablets and phones in the shop's own network can then sell here, each let in by you. What they send is encrypted.",
  "lan.fingerprint": "Fingerprint of this register's certificate (SHA-256)",

  "pairing.title": "Pair a device",
  "pairing.about":
    "Shows a code to scan with the device's camera. It lasts two minutes and lets one device ask.",
  "pairing.begin": "Pair a device",
  "pairing.again": "Show a new code",
  "pairing.address": "At the address",
  "pairing.scan": "Scan this with the device's camera",
  "pairing.picture": "Code that opens this register's page on a device",
  "pairing.by_hand": "Or open this address there",
  "pairing.until": "Good until {time}",
  "pairing.take_back": "Take the code back",
  "pairing.warns":
    "The browser warns once, because nobody else vouches for this register. Its certificate view must show this fingerprint:",
  "pairing.asks": "{name} wants in",
  "pairing.asks.from": "From {address}",
  "pairing.check": "Its screen must show",
  "pairing.grant": "What for",
  "pairing.grant.till": "Sell here",
  "pairing.grant.payments": "Ask for payments",
  "pairing.grant.read_only": "Read only",
  "pairing.role": "Trusted as far as a",
  "pairing.accept": "Let it in",
  "pairing.refuse": "Refuse",
  "pairing.accepted": "{name} is let in and fetches its token.",
  "pairing.paired": "{name} is paired.",
  "pairing.refused": "{name} was refused.",
  "pairing.expired": "The time for that is over. Nothing was let in.",

  "tablets.list": "Paired devices",
  "tablets.none": "No device is paired",
  "tablets.none.do": "Open the register to the network, then pair a tablet or a phone.",
  "tablets.paired": "{role}, paired {time}",
  "tablets.revoked":
    "{name} is out. What it had in its cart is among the parked carts.",
  "tablets.gone": { one: "{n} device that was revoked", other: "{n} devices that were revoked" },

  "pair.title": "Use this device at the register",
  "pair.no_code": "This device is not paired",
  "pair.no_code.do":
    "At the till, open Apps, Tablets and phones, choose Pair a device, and scan the code with this device's camera.",
  "pair.revoked": "The register does not let this device in any more",
  "pair.revoked.do":
    "What was in its cart is among the parked carts at the till. To use it again, pair it again: Apps, Tablets and phones, Pair a device.",
  "pair.name": "Name of this device",
  "pair.name.do": "So that the till knows which one it is",
  "pair.ask": "Ask to be let in",
  "pair.asking": "Asking",
  "pair.wait": "Now say yes at the till",
  "pair.check": "The till must show the same digits:",
  "pair.until": "The till waits until {time}.",
  "pair.refused": "The till said no",
  "pair.failed": "That did not work",
  "pair.no_answer": "No answer came from the register. Is this device in the shop's network?",
  "pair.again": "Have the till show a new code, then scan it.",
  "pair.not_kept":
    "This browser keeps nothing (a private window?). Open the code in an ordinary window.",
  "pair.done": "{name} is paired",
  "pair.done.token":
    "It was let in for programs, not for the till's screens. This is its token, shown this once: copy it into the program now.",
  "pair.start": "Start",
  "pair.fingerprint": "Is this the right register?",
  "pair.fingerprint.do":
    "The browser's certificate view (behind the padlock or the warning) must show this SHA-256 fingerprint, as the till does. A page cannot see it by itself.",
  "pair.kind.phone": "Phone",
  "pair.kind.tablet": "Tablet",
  "pair.kind.computer": "Computer",
} as const;
