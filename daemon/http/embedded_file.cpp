#include "http/embedded_file.h"

#include <algorithm>

namespace backstock::http {
namespace {

std::string_view trim(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

// Takes the next element off a list with commas.
std::string_view next_element(std::string_view& list) {
  const std::size_t comma = std::min(list.find(','), list.size());
  const std::string_view element = trim(list.substr(0, comma));
  list.remove_prefix(std::min(comma + 1, list.size()));
  return element;
}

// Does a list such as `"a", W/"b"` or `*` name this tag?
bool lists_etag(std::string_view list, std::string_view etag) {
  while (!list.empty()) {
    std::string_view one = next_element(list);
    if (one.starts_with("W/")) one.remove_prefix(2);
    if (one == etag || one == "*") return true;
  }
  return false;
}

// `br, gzip;q=0.8`, but not `gzip;q=0`.
bool takes_gzip(const Request& request) {
  std::string_view list = request.header("Accept-Encoding").value_or("");
  while (!list.empty()) {
    const std::string_view one = next_element(list);
    const std::size_t semicolon = std::min(one.find(';'), one.size());
    if (!same_name(trim(one.substr(0, semicolon)), "gzip")) continue;
    const std::string_view weight = trim(one.substr(std::min(semicolon + 1, one.size())));
    return !weight.starts_with("q=0") || weight.find_first_of("123456789") != weight.npos;
  }
  return false;
}

// Each form of a file has a tag of its own.
std::string etag_of(const EmbeddedFile& file, bool packed) {
  std::string tag(file.etag);
  if (packed) tag.insert(tag.size() - 1, "-gz");
  return tag;
}

const EmbeddedFile* find_file(std::span<const EmbeddedFile> files, std::string_view path) {
  const auto file = std::find_if(files.begin(), files.end(), [&](const EmbeddedFile& f) { return f.path == path; });
  return file == files.end() ? nullptr : &*file;
}

}  // namespace

bool has_file(std::span<const EmbeddedFile> files, std::string_view path) { return find_file(files, path) != nullptr; }

Response serve_file(std::span<const EmbeddedFile> files, std::string_view path, const Request& request) {
  const EmbeddedFile* file = find_file(files, path);
  if (file == nullptr) return problem(404, "Not found", "there is no such page");
  const bool packed = !file->gzip.empty() && takes_gzip(request);
  const std::string etag = etag_of(*file, packed);
  Response response;
  // no-cache: kept, but asked about each time, so that an upgraded daemon never meets the page of the old one.
  response.headers = {{"Cache-Control", "no-cache"}, {"ETag", etag}, {"Vary", "Accept-Encoding"}};
  const auto known = request.header("If-None-Match");
  if (known && lists_etag(*known, etag)) {
    response.status = 304;
    return response;
  }
  if (packed) response.headers.push_back({"Content-Encoding", "gzip"});
  response.content_type = file->content_type;
  response.body = packed ? file->gzip : file->bytes;
  return response;
}

}  // namespace backstock::http
