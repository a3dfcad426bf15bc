// Result<T>: a value or one Error. The only way a failure crosses a room.
//
// The type is nodiscard: a dropped `file.sync()` does not compile. TRY(expression) gives the value or returns the error
// to the caller; .context("...") adds what was being done. Member names are those of std::expected, so that this can
// become an alias one day.
#pragma once

#include <cassert>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace backstock {

// Each kind exists because some caller acts differently on it.
enum class ErrorKind {
  not_found,     // the thing asked for does not exist: exit code 3, HTTP 404
  refused,       // the store refuses us altogether (401, suspended): ends a run
  forbidden,     // one thing is refused (403): a coverage hole of that content type
  rate_limited,  // 429 after all patience
  unreachable,   // no usable answer: connection, time-out, 5xx, cut body
  rejected,      // the other side understood and said no (4xx), or answered something that is not the protocol
  corrupt,       // stored bytes are not what was written
  conflict,      // somebody else holds it: a lock, a second daemon, a changed state
  no_space,      // the disk is full or read-only
  too_large,     // over a cap of ours; asking for less may help
  bad_input,     // the operator's input: config, arguments: exit code 2
  cancelled,     // asked to stop
  failed         // none of the above: an operating system call said no
};

std::string_view to_string(ErrorKind kind);

struct Error {
  ErrorKind kind = ErrorKind::failed;
  std::string message;               // what, with the subject's name; one clause, no full stop
  std::vector<std::string> context;  // while doing what, innermost first
  std::string hint;                  // the next step for an operator; may be empty
  std::optional<std::chrono::milliseconds> retry_after = std::nullopt;  // only from the layer that knows
  std::string detail = {};  // the other side's own words; may hold customer data: for a run's report, never for a log

  // One sentence: context outermost first, message, then the hint after a dash. Without `detail`.
  std::string sentence() const;
};

inline Error make_error(ErrorKind kind, std::string message, std::string hint = {}) {
  return Error{kind, std::move(message), {}, std::move(hint), std::nullopt, {}};
}

// An operating system error as an Error: names the subject and the cause, kind no_space for ENOSPC, EDQUOT and EROFS.
Error os_error(int code, std::string subject);

template <class T = void>
class [[nodiscard]] Result {
  using Stored = std::conditional_t<std::is_void_v<T>, std::monostate, T>;

 public:
  using value_type = T;

  Result() requires std::is_void_v<T> : held_(std::in_place_index<0>) {}
  Result(Error error) : held_(std::in_place_index<1>, std::move(error)) {}  // NOLINT: implicit on purpose
  template <class U = Stored>
  requires(!std::is_void_v<T> && !std::is_same_v<std::remove_cvref_t<U>, Result> &&
           !std::is_same_v<std::remove_cvref_t<U>, Error> && std::is_constructible_v<Stored, U&&>) Result(U&& value)
      : held_(std::in_place_index<0>, std::forward<U>(value)) {}  // NOLINT: implicit on purpose

  bool has_value() const { return held_.index() == 0; }
  explicit operator bool() const { return has_value(); }

  // Each needs what it names to be there; asking otherwise is a bug of ours.
  Error& error() & {
    assert(!has_value());
    return *std::get_if<1>(&held_);
  }
  const Error& error() const& {
    assert(!has_value());
    return *std::get_if<1>(&held_);
  }
  Error&& error() && {
    assert(!has_value());
    return std::move(*std::get_if<1>(&held_));
  }

  auto& value() & requires(!std::is_void_v<T>) {
    assert(has_value());
    return *std::get_if<0>(&held_);
  }
  const auto& value() const& requires(!std::is_void_v<T>) {
    assert(has_value());
    return *std::get_if<0>(&held_);
  }
  auto&& value() && requires(!std::is_void_v<T>) {
    assert(has_value());
    return std::move(*std::get_if<0>(&held_));
  }
  auto& operator*() & requires(!std::is_void_v<T>) { return value(); }
  const auto& operator*() const& requires(!std::is_void_v<T>) { return value(); }
  auto&& operator*() && requires(!std::is_void_v<T>) { return std::move(*this).value(); }
  auto* operator->() requires(!std::is_void_v<T>) { return &value(); }
  const auto* operator->() const requires(!std::is_void_v<T>) { return &value(); }
  template <class U>
  auto value_or(U&& other) const& requires(!std::is_void_v<T>) {
    return has_value() ? **this : static_cast<Stored>(std::forward<U>(other));
  }

  // Adds what was being done, when there is an error.
  Result context(std::string doing) && {
    if (!has_value()) error().context.push_back(std::move(doing));
    return std::move(*this);
  }

  // For TRY only.
  decltype(auto) take() && {
    if constexpr (!std::is_void_v<T>) return Stored(std::move(*this).value());
  }

 private:
  std::variant<Stored, Error> held_;
};

}  // namespace backstock

// Each use has its own name, so that one may stand inside another's argument.
#define TRY(...) BACKSTOCK_TRY_COUNTED(__COUNTER__, __VA_ARGS__)
#define BACKSTOCK_TRY_COUNTED(count, ...) BACKSTOCK_TRY_NAMED(count, __VA_ARGS__)
#define BACKSTOCK_TRY_NAMED(count, ...)                                 \
  __extension__({                                                       \
    auto try_result_##count = (__VA_ARGS__);                            \
    if (!try_result_##count.has_value()) [[unlikely]]                   \
      return ::backstock::Error(std::move(try_result_##count).error()); \
    std::move(try_result_##count).take();                               \
  })
