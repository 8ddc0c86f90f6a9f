"use strict";
// Checks the export that this page carries. The same steps as verify.py; sources: RFC 6962, RFC 9162, RFC 8032, C2SP.

const WORDS = {
  title: ["Verify the record", "記録の検証"],
  other: ["日本語", "English"],
  intro: ["This page checks the record that it carries, in your browser. It opens no connection.",
    "このページに入っている記録を、ブラウザの中で検証します。通信はしません。"],
  found: ["What was found", "検証の結果"],
  heldTitle: ["A checkpoint that you hold", "お手元のチェックポイント"],
  heldIntro: ["Paste the checkpoint from an earlier mail or report, whole. Only this shows that nothing before it was altered since.",
    "以前のメールや報告書にあるチェックポイントを、そのまま貼り付けてください。それ以前が後から変えられていないことは、これで初めて分かります。"],
  heldLabel: ["Checkpoint", "チェックポイント"],
  check: ["Check it", "確かめる"],
  provesTitle: ["What this proves", "証明できること・できないこと"],
  proves: ["It proves that these are the entries that were signed, and, with a checkpoint that you held before, that nothing before it was altered, taken out or moved since.",
    "署名された項目そのものであること。以前から持つチェックポイントと合わせれば、それより前の項目がその後変えられず、抜かれず、並べ替えられていないこと。"],
  notProves: ["It does not prove that the data that went in were true, nor that the times in it are right. This page came with the record: to trust nobody, take verify.py from shinro's own source.",
    "もとのデータが真実だったことや、日時が正しいことは証明しません。このページは記録と一緒に届いたものです。送り手も疑う場合は、shinro の配布元の verify.py を使ってください。"],
  entriesTitle: ["Entries", "項目"],
  columns: [["No.", "Written", "Kind", "About", "Period", "Value", "Unit", "Instead of"],
    ["番号", "書いた日時", "種類", "対象", "期間", "値", "単位", "置き換え"]],
  good: ["ok", "正常"],
  bad: ["BAD", "異常"],
  entries: ["{n} entries, each in its place", "{n} 件の項目が正しい位置にあります"],
  part: ["{n} of {size} entries, each with its proof", "全 {size} 件のうち {n} 件を証明付きで確認しました"],
  root: ["they are the entries of checkpoint {size}:{root}", "項目はチェックポイント {size}:{root} のものです"],
  signed: ["the checkpoint is signed by the key {key}", "チェックポイントは鍵 {key} で署名されています"],
  own: ["earlier checkpoints that hold as well: {n}", "以前のチェックポイント {n} 件とも合います"],
  texts: ["texts that are as they were recorded: {n}", "文章 {n} 件は記録した時のものです"],
  held: ["the checkpoint of size {size} that you hold is borne out: nothing before it was altered since",
    "お手元の {size} 件時点のチェックポイントと合います。それ以前の項目は、その後変えられていません"],
  rotated: ["at entry {seq} the old key signed a new one in", "項目 {seq} で、古い鍵が新しい鍵に署名しています"],
  lost: ["at entry {seq} a new key took over without the old one's signature: ask the company",
    "項目 {seq} で、古い鍵の署名なしに鍵が替わっています。会社に確かめてください"],
  bad_entry: ["entry {seq} is none, or not in its place", "項目 {seq} が正しい位置にないか、項目ではありません"],
  bad_proof: ["entry {seq} is not one of the record", "項目 {seq} はこの記録のものではありません"],
  bad_root: ["the entries are not those of the checkpoint of size {size}", "項目が {size} 件時点のチェックポイントと合いません"],
  bad_signature: ["the checkpoint of size {size} is not signed by the record's key", "{size} 件時点のチェックポイントが記録の鍵で署名されていません"],
  bad_text: ["a text is not the one that was recorded: {seq}", "文章が記録した時のものと違います: {seq}"],
  bad_held: ["the checkpoint of size {size} that you hold FAILS: something before it was altered or taken out since",
    "お手元の {size} 件時点のチェックポイントと合いません。以前の項目が変えられたか抜かれています"],
  bad_log: ["the checkpoint that you hold is of another log ({origin}), or the record was made anew",
    "お手元のチェックポイントは別のログ（{origin}）のものか、記録が作り直されています"],
  bad_forged: ["the checkpoint of size {size} that you hold is not signed by the record's key", "お手元の {size} 件時点のチェックポイントが記録の鍵で署名されていません"],
  bad_unproven: ["this part of the record is no proof for size {size}; ask for the whole", "この記録の一部は、{size} 件時点の証明になりません。全体を求めてください"],
  bad_none: ["there is no checkpoint in it", "チェックポイントが見つかりません"],
  own_none: ["no earlier checkpoint is in the export: only one that you hold shows that nothing was altered since",
    "以前のチェックポイントは書き出しにありません。後から変えられていないことは、お手元のチェックポイントだけが示せます"],
  bad_missing: ["earlier checkpoints were taken out of checkpoints.txt: those of size {sizes}",
    "checkpoints.txt から以前のチェックポイントが抜かれています: {sizes} 件時点のもの"],
  bad_rotation: ["at entry {seq} the key changes, and the checkpoint that the old key signed is not there",
    "項目 {seq} で鍵が替わっていますが、古い鍵が署名したチェックポイントがありません"],
  bad_key: ["key.txt does not name the key {key} that signed the checkpoint",
    "key.txt が、チェックポイントに署名した鍵 {key} のものではありません"],
  bad_files: ["{file} cannot be read: it is missing or damaged; ask for the export again",
    "{file} を読めません。ないか、壊れています。書き出しをもう一度受け取ってください"],
};

const bytes = (text) => new TextEncoder().encode(text);
const joined = (...parts) => {
  const found = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  parts.reduce((at, part) => (found.set(part, at), at + part.length), 0);
  return found;
};
const digest = async (name, content) => new Uint8Array(await crypto.subtle.digest(name, content));
const hex = (content) => Array.from(content, (each) => each.toString(16).padStart(2, "0")).join("");
const base64 = (content) => btoa(String.fromCharCode(...content));
const same = (one, two) => Boolean(one && two) && hex(one) === hex(two);
const decoded = (text) => {
  try {
    return Uint8Array.from(atob(text), (each) => each.charCodeAt(0));
  } catch {
    return new Uint8Array();
  }
};

// Ed25519 where the browser has none of its own (RFC 8032, 5.1): points are [X, Y, Z, T].

const P = 2n ** 255n - 19n;
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;
const mod = (number, by = P) => ((number % by) + by) % by;
const power = (base, exponent) => {
  let [found, square] = [1n, mod(base)];
  for (let rest = exponent; rest; rest >>= 1n, square = mod(square * square)) if (rest & 1n) found = mod(found * square);
  return found;
};
const D = mod(-121665n * power(121666n, P - 2n));
const little = (content) => BigInt("0x" + (hex(Uint8Array.from(content).reverse()) || "0"));

function point(content) {
  const number = little(content), y = number & (2n ** 255n - 1n), odd = number >> 255n;
  if (y >= P) return null;
  const square = mod((y * y - 1n) * power(D * y * y + 1n, P - 2n));
  let x = power(square, (P + 3n) / 8n);
  if (mod(x * x) !== square) x = mod(x * power(2n, (P - 1n) / 4n));
  if (mod(x * x) !== square || (x === 0n && odd)) return null;
  if ((x & 1n) !== odd) x = P - x;
  return [x, y, 1n, mod(x * y)];
}

function plus(one, two) {
  const a = (one[1] - one[0]) * (two[1] - two[0]), b = (one[1] + one[0]) * (two[1] + two[0]);
  const c = 2n * one[3] * two[3] * D, d = 2n * one[2] * two[2];
  const [e, f, g, h] = [b - a, d - c, d + c, b + a];
  return [mod(e * f), mod(g * h), mod(f * g), mod(e * h)];
}

function times(number, one) {
  let found = [0n, 1n, 1n, 0n];
  for (let rest = number; rest; rest >>= 1n, one = plus(one, one)) if (rest & 1n) found = plus(found, one);
  return found;
}

async function isSigned(key, signature, message) {
  if (key.length !== 32 || signature.length !== 64) return false;
  try {
    const known = await crypto.subtle.importKey("raw", key, { name: "Ed25519" }, false, ["verify"]);
    return await crypto.subtle.verify({ name: "Ed25519" }, known, signature, message);
  } catch {
    return isSignedByHand(key, signature, message);
  }
}

async function isSignedByHand(key, signature, message) {
  const first = signature.slice(0, 32), a = point(key), r = point(first), s = little(signature.slice(32));
  if (!a || !r || s >= ORDER) return false;
  const base = point(joined(Uint8Array.of(88), new Uint8Array(31).fill(102)));
  const k = mod(little(await digest("SHA-512", joined(first, key, message))), ORDER);
  const left = times(s, base), right = plus(r, times(k, a));
  return [0, 1].every((n) => mod(left[n] * right[2] - right[n] * left[2]) === 0n);
}

// The Merkle tree (RFC 6962, 2.1; RFC 9162, 2.1.3 and 2.1.4).

const leaf = (content) => digest("SHA-256", joined(Uint8Array.of(0), content));
const node = (left, right) => digest("SHA-256", joined(Uint8Array.of(1), left, right));

async function root(leaves) {
  let level = leaves;
  while (level.length > 1) {
    const paired = [];
    for (let n = 0; n + 1 < level.length; n += 2) paired.push(await node(level[n], level[n + 1]));
    level = level.length % 2 ? [...paired, level[level.length - 1]] : paired;
  }
  return level.length ? level[0] : digest("SHA-256", new Uint8Array());
}

async function included(found, index, size, proof) {
  let [place, last] = [index, size - 1];
  for (const step of proof) {
    if (last === 0) return null;
    if (place % 2 || place === last) {
      found = await node(step, found);
      while (place % 2 === 0 && place) [place, last] = [Math.floor(place / 2), Math.floor(last / 2)];
    } else found = await node(found, step);
    [place, last] = [Math.floor(place / 2), Math.floor(last / 2)];
  }
  return last === 0 ? found : null;
}

async function consistent(old, size, oldRoot, newRoot, proof) {
  if (old === size) return same(oldRoot, newRoot);
  const steps = Number.isInteger(Math.log2(old)) ? [oldRoot, ...proof] : [...proof];
  if (!(old > 0 && old < size) || !steps.length) return false;
  let [place, last] = [old - 1, size - 1];
  while (place % 2) [place, last] = [Math.floor(place / 2), Math.floor(last / 2)];
  let [before, after] = [steps[0], steps[0]];
  for (const step of steps.slice(1)) {
    if (last === 0) return false;
    if (place % 2 || place === last) {
      [before, after] = [await node(step, before), await node(step, after)];
      while (place % 2 === 0 && place) [place, last] = [Math.floor(place / 2), Math.floor(last / 2)];
    } else after = await node(after, step);
    [place, last] = [Math.floor(place / 2), Math.floor(last / 2)];
  }
  return last === 0 && same(before, oldRoot) && same(after, newRoot);
}

// Checkpoints: three lines, an empty one, signatures (68 bytes each). A mail may have quoted them, a page broken them.

const SIGNED = "(?:—|–|--?)\\s+(\\S+)\\s+((?:[A-Za-z0-9+/]\\s*){91}=)";
const NOTE = `(?:^|[\\s>])([^\\s<>]+)\\s+(0|[1-9]\\d{0,15})\\s+((?:[A-Za-z0-9+/]\\s*){43}=)\\s+((?:${SIGNED}\\s*)+)`;

function notes(text) {
  const plain = text.replace(/[\ufeff\u200b]/g, "").replace(/\r\n?/g, "\n").replace(/^(?:[>|] ?)*[ \t]*|[ \t]+$/gm, "");
  const joined = (found) => decoded(found.replace(/\s/g, ""));
  return [...plain.matchAll(new RegExp(NOTE, "gm"))].map(([, origin, size, top, signed]) => ({
    origin, size: Number(size), root: joined(top),
    signatures: [...signed.matchAll(new RegExp(SIGNED, "g"))].filter(([, name]) => name === origin)
      .map(([, , signature]) => joined(signature)),
  }));
}

async function verifier(name, key) {
  const sign = hex(await digest("SHA-256", joined(bytes(name), Uint8Array.of(10, 1), key))).slice(0, 8);
  return `${name}+${sign}+${base64(joined(Uint8Array.of(1), key))}`;
}

async function signedBy(note, key) {
  const body = bytes(`${note.origin}\n${note.size}\n${base64(note.root)}\n`);
  const wanted = (await digest("SHA-256", joined(bytes(note.origin), Uint8Array.of(10, 1), key))).slice(0, 4);
  for (const each of note.signatures) {
    if (same(each.slice(0, 4), wanted) && (await isSigned(key, each.slice(4), body))) return true;
  }
  return false;
}

// The record.

// The one form of a value (RFC 8785), so that no key can be there twice.
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  return `{${Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(",")}}`;
}

function read(files, name, made) {
  try {
    return made(files[name]);
  } catch {
    throw new Error(name, { cause: "damaged" });
  }
}

const must = (holds) => {
  if (!holds) throw new Error();
};

function entriesIn(text) {
  const found = text.split("\n").slice(0, -1).map((line) => JSON.parse(line));
  for (const { seq, kind, subject, data } of found) {
    must(Number.isInteger(seq) && typeof kind === "string" && typeof subject === "string" && (kind !== "key" || data.key));
  }
  must(found.length);
  return found;
}

function proofsIn(text) {
  const { inclusion, consistency } = JSON.parse(text);
  for (const steps of [...Object.values(inclusion), ...Object.values(consistency)]) must(Array.isArray(steps));
  return { inclusion, consistency };
}

async function opened(files) {
  const entries = read(files, "entries.jsonl", entriesIn), lines = files["entries.jsonl"].split("\n").slice(0, -1);
  const proofs = read(files, "proofs.json", proofsIn);
  const record = {
    lines, proofs, entries, whole: !Object.keys(proofs.inclusion).length,
    leaves: await Promise.all(lines.map((line) => leaf(bytes(line)))),
    note: read(files, "checkpoint.txt", (text) => { const [first] = notes(text); must(first); return first; }),
    own: read(files, "checkpoints.txt", notes),
    key: read(files, "key.txt", (text) => text.trim()),
    texts: "texts.jsonl" in files
      ? read(files, "texts.jsonl", (text) => text.split("\n").slice(0, -1).map((line) => JSON.parse(line))) : [],
  };
  return { ...record, sound: await isSound(record) };
}

// Whether the lines are those of the checkpoint. A proof that leads to it says nothing of others.
async function isSound(record) {
  if (record.whole) return record.lines.length === record.note.size && same(await root(record.leaves), record.note.root);
  for (const n of record.lines.keys()) if (!(await isIncluded(record, n))) return false;
  return true;
}

async function isIncluded(record, n) {
  const { seq } = record.entries[n], proof = (record.proofs.inclusion[seq] || []).map(decoded);
  return same(await included(record.leaves[n], seq, record.note.size, proof), record.note.root);
}

function keysOf(record, size) {
  const named = record.entries.filter((each) => each.kind === "key" && each.seq < size), newest = named[named.length - 1];
  const changed = named.length > 1 && newest.seq === size - 1 && !newest.data.lost;
  return named.slice(changed ? -2 : -1).map((each) => decoded(each.data.key));
}

async function isWellSigned(record, note) {
  const keys = keysOf(record, note.size);
  for (const key of keys) if (!(await signedBy(note, key))) return false;
  return keys.length > 0;
}

async function bearsOut(record, note) {
  const size = record.note.size, proof = record.proofs.consistency[note.size], steps = (proof || []).map(decoded);
  if (record.sound && note.size <= size && (await consistent(note.size, size, note.root, record.note.root, steps))) return true;
  if (record.whole) return note.size <= record.lines.length && same(await root(record.leaves.slice(0, note.size)), note.root);
  return !record.sound || (!proof && note.size < size) ? null : false;
}

async function entriesFound(record) {
  const size = record.note.size;
  for (const [n, { seq }] of record.entries.entries()) {
    if ((record.whole && seq !== n) || canonical(record.entries[n]) !== record.lines[n]) return [["bad_entry", { seq: n }]];
    if (!record.whole && !(await isIncluded(record, n))) return [["bad_proof", { seq }]];
  }
  if (!record.sound) return [["bad_root", { size }]];
  return [[record.whole ? "entries" : "part", { n: record.lines.length, size }], ["root", { size, root: base64(record.note.root).slice(0, 16) }]];
}

async function signaturesFound(record) {
  const { note, entries } = record;
  if (note.origin !== entries[0].subject || !(await isWellSigned(record, note))) return [["bad_signature", { size: note.size }]];
  const key = keysOf(record, note.size).pop(), short = hex(key).slice(0, 16), found = [["signed", { key: short }]];
  if (record.key !== (await verifier(note.origin, key))) found.push(["bad_key", { key: short }]);
  let good = 0;
  for (const each of record.whole || record.sound ? record.own : []) {
    if (!(await bearsOut(record, each))) found.push(["bad_root", { size: each.size }]);
    else if (!(await isWellSigned(record, each))) found.push(["bad_signature", { size: each.size }]);
    else good += 1;
  }
  const sizes = record.own.map((each) => each.size), signed = [note.size, ...sizes];
  const gone = Object.keys(record.proofs.consistency).map(Number).filter((size) => !sizes.includes(size));
  if (gone.length) found.push(["bad_missing", { sizes: gone.join(", ") }]);
  if (good) found.push(["own", { n: good }]);
  else if (!sizes.length && !gone.length) found.push(["own_none", {}]);
  for (const { kind, seq, data } of entries.slice(1)) {
    if (kind === "key") found.push([data.lost ? "lost" : signed.includes(seq + 1) ? "rotated" : "bad_rotation", { seq }]);
  }
  return found;
}

async function textsFound(record) {
  for (const each of record.texts) {
    const found = hex(await digest("SHA-256", joined(decoded(each.salt), bytes(each.words))));
    if (found !== each.hash || !record.lines.some((line) => line.includes(found))) return [["bad_text", { seq: each.hash.slice(0, 16) }]];
  }
  return record.texts.length ? [["texts", { n: record.texts.length }]] : [];
}

async function heldFound(record, text) {
  const found = notes(text).sort((one, two) => one.size - two.size), told = [];
  for (const note of found) {
    const borne = note.origin === record.note.origin ? await bearsOut(record, note) : false;
    if (note.origin !== record.note.origin) told.push(["bad_log", note]);
    else if (!borne) told.push([borne === null ? "bad_unproven" : "bad_held", note]);
    else told.push([(await isWellSigned(record, note)) ? "held" : "bad_forged", note]);
  }
  return told.length ? told : [["bad_none", {}]];
}

async function check(files) {
  try {
    const record = await opened(files);
    return { record, found: [...(await entriesFound(record)), ...(await signaturesFound(record)), ...(await textsFound(record))] };
  } catch (broken) {
    const file = broken.cause === "damaged" ? broken.message : "entries.jsonl";
    return { record: null, found: [["bad_files", { file }]] };
  }
}

// The page. Every text goes in as text: nothing from the record can become a tag.

const say = (key, which, parts = {}) => WORDS[key][which].replace(/\{(\w+)\}/g, (_, name) => String(parts[name]));
const at = (id) => document.getElementById(id);
const made = (tag, text, kind = "") => {
  const found = document.createElement(tag);
  found.textContent = text;
  if (kind) found.className = kind;
  return found;
};

function tell(list, found, which) {
  list.replaceChildren(...found.map(([key, parts]) => {
    const good = !key.startsWith("bad_"), line = made("li", "", good ? "good" : "bad");
    line.append(made("b", WORDS[good ? "good" : "bad"][which]), " ", say(key, which, parts));
    return line;
  }));
}

function row(entry) {
  const figure = entry.figure || {}, cut = (entry.segment || []).map(([name]) => name).join(", ");
  const cells = [entry.seq, entry.at, entry.kind, cut ? `${entry.subject} (${cut})` : entry.subject,
    (entry.period || []).join(" – "), "value" in figure ? figure.value ?? "–" : "", figure.unit || "", entry.replaces ?? ""];
  const found = document.createElement("tr");
  found.append(...cells.map((text, n) => made("td", String(text), n === 5 ? "number" : "")));
  return found;
}

function draw(state) {
  const { which, files, record } = state, texts = { intro: "intro", "found-title": "found", "held-title": "heldTitle",
    "held-intro": "heldIntro", "held-label": "heldLabel", check: "check", "proves-title": "provesTitle", proves: "proves",
    "not-proves": "notProves", "entries-title": "entriesTitle", language: "other" };
  document.documentElement.lang = which ? "ja" : "en";
  document.querySelector("h1").textContent = [files.company, say("title", which)].filter(Boolean).join(" · ");
  for (const [id, key] of Object.entries(texts)) at(id).textContent = say(key, which);
  document.querySelector("thead tr").replaceChildren(...WORDS.columns[which].map((text) => {
    const found = made("th", text);
    found.scope = "col";
    return found;
  }));
  document.querySelector("tbody").replaceChildren(...(record ? record.entries.map(row) : []));
  tell(at("found"), state.found, which);
  tell(at("held-found"), state.held, which);
}

(async () => {
  const files = JSON.parse(at("data").textContent);
  const state = { files, which: navigator.language.startsWith("ja") ? 1 : 0, held: [], ...(await check(files)) };
  at("language").addEventListener("click", () => { state.which = 1 - state.which; draw(state); });
  at("check").addEventListener("click", async () => {
    if (state.record) state.held = await heldFound(state.record, at("held").value);
    draw(state);
  });
  draw(state);
  document.body.dataset.done = "yes";
})();
