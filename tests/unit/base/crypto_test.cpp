#include "base/crypto.h"

#include <catch2/catch.hpp>
#include <set>

using namespace backstock;

TEST_CASE("a password is recognised by its hash, and no other is") {
  const auto hash = hash_password(Secret("correct horse battery"));
  REQUIRE(hash.has_value());
  CHECK(password_matches(Secret("correct horse battery"), *hash));
  CHECK_FALSE(password_matches(Secret("correct horse batterz"), *hash));
  CHECK_FALSE(password_matches(Secret("correct horse batter"), *hash));
  CHECK_FALSE(password_matches(Secret(""), *hash));
  CHECK_FALSE(password_matches(Secret("correct horse battery"), "not a hash"));
  CHECK_FALSE(password_matches(Secret(""), ""));
}

TEST_CASE("a password's hash is Argon2id at 19 MiB with two passes, and each has its own salt") {
  const auto one = hash_password(Secret("the same"));
  const auto two = hash_password(Secret("the same"));
  REQUIRE(one.has_value());
  REQUIRE(two.has_value());
  CHECK(one->rfind("$argon2id$v=19$m=19456,t=2,p=1$", 0) == 0);
  CHECK(*one != *two);
  CHECK(one->find("the same") == std::string::npos);
}

TEST_CASE("secrets are 43 characters that need no escaping, and never the same") {
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    const std::string secret = make_secret().reveal();
    CHECK(secret.size() == 43);
    CHECK(secret.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") == secret.npos);
    seen.insert(secret);
  }
  CHECK(seen.size() == 1000);
}

TEST_CASE("secrets are equal only when every byte and the length are") {
  CHECK(same_secret("abc", "abc"));
  CHECK(same_secret("", ""));
  CHECK_FALSE(same_secret("abc", "abd"));
  CHECK_FALSE(same_secret("abc", "ab"));
  CHECK_FALSE(same_secret("abc", ""));
}
