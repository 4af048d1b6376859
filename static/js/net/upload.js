// Sends one file. XMLHttpRequest, because fetch tells nothing of its progress.

import { problem } from "./api.js";

/** Starts sending; `onProgress(bytes)`, then `onDone(upload)` or `onError(problem)`. Returns `{abort}`. */
export function uploadFile(file, { onProgress, onDone, onError }) {
  const request = new XMLHttpRequest();
  const form = new FormData();
  form.append("files", file, file.name || "file");
  request.open("POST", "/api/uploads");
  request.responseType = "json";
  request.upload.onprogress = ({ loaded, lengthComputable, total }) => {
    // `loaded` counts the form around the file too.
    if (lengthComputable) onProgress(Math.round((loaded / total) * file.size));
  };
  request.onload = () => {
    const upload = request.status === 201 && Array.isArray(request.response) ? request.response[0] : null;
    if (upload) onDone(upload);
    else onError(problem(request.status, request.response ?? {}, request.getResponseHeader("retry-after")));
  };
  request.onerror = () => onError(problem(0));
  request.send(form);
  return { abort: () => request.abort() };
}
