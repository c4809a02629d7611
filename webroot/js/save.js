/** Hands a file to the visitor. @param {Blob} blob @param {string} name */
export function saveFile(blob, name) {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** Now, for a file name: `2026-11-21-16-20-05`. */
export function stamp() {
  return new Date().toISOString().slice(0, 19).replace(/[:T]/g, '-');
}
