#include "base/result.h"

#include <cerrno>
#include <cstring>

namespace backstock {

std::string_view to_string(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::not_found:
      return "not_found";
    case ErrorKind::refused:
      return "refused";
    case ErrorKind::forbidden:
      return "forbidden";
    case ErrorKind::rate_limited:
      return "rate_limited";
    case ErrorKind::unreachable:
      return "unreachable";
    case ErrorKind::rejected:
      return "rejected";
    case ErrorKind::corrupt:
      return "corrupt";
    case ErrorKind::conflict:
      return "conflict";
    case ErrorKind::no_space:
      return "no_space";
    case ErrorKind::too_large:
      return "too_large";
    case ErrorKind::bad_input:
      return "bad_input";
    case ErrorKind::cancelled:
      return "cancelled";
    case ErrorKind::failed:
      return "failed";
  }
  return "failed";
}

std::string Error::sentence() const {
  std::string text;
  for (auto it = context.rbegin(); it != context.rend(); ++it) text += *it + ": ";
  text += message;
  if (!hint.empty()) text += " - " + hint;
  return text;
}

Error os_error(int code, std::string subject) {
  const bool full = code == ENOSPC || code == EDQUOT;
  const bool read_only = code == EROFS;
  Error error;
  error.kind = full || read_only ? ErrorKind::no_space : code == ENOENT ? ErrorKind::not_found : ErrorKind::failed;
  error.message = std::move(subject) + ": " + std::strerror(code);
  if (full) error.hint = "free some space on that disk; nothing that was kept before is affected";
  if (read_only) error.hint = "mount that file system writable, or set data_dir to a writable place";
  if (code == EACCES || code == EPERM)
    error.hint = "check the owner and the mode of that path; the daemon's user needs access";
  return error;
}

}  // namespace backstock
