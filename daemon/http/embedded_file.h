// Files that scripts/embed.cmake put into the binary: room.cmake lists them.
//
// Threads: constant data.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "base/bytes.h"
#include "http/message.h"

namespace backstock::http {

struct EmbeddedFile {
  std::string_view path;  // from the folder that was embedded: "app.js"
  ByteView bytes;
  ByteView gzip;          // the same compressed; empty where that is no gain
  std::string_view etag;  // quoted, from the bytes' SHA-256
  std::string_view content_type;
};

// The page as it is served. Sorted by path.
std::span<const EmbeddedFile> webui_files();

bool has_file(std::span<const EmbeddedFile> files, std::string_view path);

// The file, compressed if the request takes that, or 304 when the request already has it, or 404.
Response serve_file(std::span<const EmbeddedFile> files, std::string_view path, const Request& request);

}  // namespace backstock::http
