// A commented test to copy: one behaviour per case, named as a sentence, nothing but values in and out.
#include "base/result.h"

#include <catch2/catch.hpp>
#include <cerrno>

using namespace backstock;

namespace {

Result<int> half(int n) {
  if (n % 2 != 0) return make_error(ErrorKind::bad_input, std::to_string(n) + " is odd", "give an even number");
  return n / 2;
}

Result<int> quarter(int n) {
  const int h = TRY(half(n));
  return TRY(half(h).context("halving " + std::to_string(h)));
}

}  // namespace

TEST_CASE("TRY gives the value or hands the error to the caller") {
  CHECK(quarter(8).value() == 2);
  REQUIRE_FALSE(quarter(7).has_value());
  CHECK(quarter(7).error().kind == ErrorKind::bad_input);
}

TEST_CASE("an error reads as one sentence: what was being done, what happened, the next step") {
  CHECK(quarter(6).error().sentence() == "halving 3: 3 is odd - give an even number");
}

TEST_CASE("an operating system error names its subject and cause, and a full disk is its own kind") {
  const Error full = os_error(ENOSPC, "/data/packs/1");
  CHECK(full.kind == ErrorKind::no_space);
  CHECK(full.message == "/data/packs/1: No space left on device");
  CHECK_FALSE(full.hint.empty());
  CHECK(os_error(ENOENT, "x").kind == ErrorKind::not_found);
  CHECK(os_error(EROFS, "x").kind == ErrorKind::no_space);
}

TEST_CASE("a Result of something that cannot be copied can be taken out by TRY") {
  const auto make = []() -> Result<std::unique_ptr<int>> { return std::make_unique<int>(4); };
  const auto use = [&]() -> Result<int> {
    const auto held = TRY(make());
    return *held;
  };
  CHECK(use().value() == 4);
}
