#include "http/host_guard.h"

#include <catch2/catch.hpp>

using backstock::http::HostGuard;

TEST_CASE("only loopback with the listener's port is allowed unless more is configured") {
  const HostGuard guard("127.0.0.1", 8420, {});
  for (const char* host : {"localhost:8420", "LocalHost:8420", "127.0.0.1:8420", "[::1]:8420"})
    CHECK(guard.allows(host));
  for (const char* host : {"", "localhost", "localhost:8421", "localhost:84200", "localhost.:8420", "127.0.0.1",
                           "127.0.0.2:8420", "127.1:8420", "0.0.0.0:8420", "[::]:8420", "::1:8420", "[::1]",
                           "localhost.evil.example:8420", "evil.example", "evil.example:8420", "localhost:8420:8420"}) {
    CAPTURE(host);
    CHECK_FALSE(guard.allows(host));
  }
  CHECK_FALSE(guard.allows(std::nullopt));
}

TEST_CASE("configured names are allowed as they stand, and bare ones with the listener's port too") {
  const HostGuard guard("0.0.0.0", 8420, {"backup.example.com", "tunnel:9000", "[fd00::1]"});
  for (const char* host :
       {"backup.example.com", "Backup.Example.com:8420", "tunnel:9000", "[fd00::1]", "[fd00::1]:8420"}) {
    CAPTURE(host);
    CHECK(guard.allows(host));
  }
  for (const char* host :
       {"backup.example.com:9000", "tunnel", "tunnel:8420", "0.0.0.0:8420", "x.backup.example.com"}) {
    CAPTURE(host);
    CHECK_FALSE(guard.allows(host));
  }
}

TEST_CASE("the address listened on is allowed") {
  CHECK(HostGuard("192.168.1.5", 8420, {}).allows("192.168.1.5:8420"));
  CHECK(HostGuard("fd00::5", 8420, {}).allows("[fd00::5]:8420"));
}

TEST_CASE("on port 80 browsers leave the port out") { CHECK(HostGuard("127.0.0.1", 80, {}).allows("localhost")); }
