#include "config/secret_place.h"

#include <fmt/format.h>

namespace backstock::config {
namespace {

constexpr ByteCount kLargest = 4_KiB;
constexpr unsigned kReadOrWrittenByOthers = 0066;

Result<std::string> path_of(const SecretPlace& place, const Sources& sources) {
  if (place.credential.empty()) return place.file;
  const auto folder = sources.env("CREDENTIALS_DIRECTORY");
  if (!folder || folder->empty()) {
    return make_error(
        ErrorKind::not_found,
        fmt::format("the credential {} is known only inside the service: $CREDENTIALS_DIRECTORY is not set",
                    found(place.credential)),
        fmt::format("add LoadCredential={}:/path/to/the/secret to the service, or use {{file: /path}}",
                    found_name(place.credential)));
  }
  return *folder + '/' + place.credential;
}

Result<> check_mode(const std::string& path, const Sources& sources) {
  const unsigned mode = TRY(sources.file_mode(path)) & 07777U;
  if ((mode & kReadOrWrittenByOthers) == 0) return {};
  return make_error(ErrorKind::bad_input,
                    fmt::format("{} has the mode {:04o}: group or others can read or change it", path, mode),
                    fmt::format("run: chmod 600 {}", path));
}

// A missing file is told apart from one that cannot be read: the next step differs.
Error explained(Error error, const std::string& path, const SecretPlace& place) {
  if (error.kind == ErrorKind::not_found) {
    error.message = place.credential.empty()
                        ? fmt::format("the file {} does not exist", path)
                        : fmt::format("the service was given no credential {}", found(place.credential));
    error.hint =
        place.credential.empty()
            ? fmt::format("put the secret into it, alone, then run: chown backstock {} && chmod 600 {}", path, path)
            : fmt::format("add LoadCredential={}:/path/to/the/secret to the service", found_name(place.credential));
  } else if (error.kind == ErrorKind::too_large) {
    error.hint = "a token file holds the token alone, one line";
  } else if (error.hint.empty()) {
    error.hint = fmt::format("the user that runs backstock must be able to read it: chown backstock {}", path);
  }
  return error;
}

Result<Secret> trimmed(std::string text, const std::string& path) {
  const char* const hint = "write the secret into the file alone, on one line";
  if (text.ends_with('\n')) text.pop_back();
  if (text.ends_with('\r')) text.pop_back();
  if (text.find_first_not_of(" \t\r\n") == text.npos)
    return make_error(ErrorKind::bad_input, fmt::format("the file {} is empty", path), hint);
  if (text.find_first_of(" \t\r\n\v\f") != text.npos)
    return make_error(ErrorKind::bad_input, fmt::format("the secret in {} has white space in it", path), hint);
  for (const char c : text)
    if (static_cast<unsigned char>(c) <= 0x20 || static_cast<unsigned char>(c) >= 0x7f)
      return make_error(ErrorKind::bad_input, fmt::format("the secret in {} has characters that no secret has", path),
                        hint);
  return Secret(std::move(text));
}

}  // namespace

std::string SecretPlace::shown() const {
  return credential.empty() ? fmt::format("(file {})", file) : fmt::format("(credential {})", found_name(credential));
}

Result<Secret> read_secret(const SecretPlace& place, const Sources& sources) {
  const std::string path = TRY(path_of(place, sources));
  if (place.credential.empty())
    if (auto mode = check_mode(path, sources); !mode) return explained(std::move(mode).error(), path, place);
  auto text = sources.read_file(path, kLargest);
  if (!text) return explained(std::move(text).error(), path, place);
  return trimmed(std::move(*text), path);
}

}  // namespace backstock::config
