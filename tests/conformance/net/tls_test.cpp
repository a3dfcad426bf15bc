// Certificates that must not be trusted, shown by the `openssl` tool (a dependency of ca-certificates). Not installed:
// skipped.
#include <catch2/catch.hpp>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "net/curl_transport.h"

using namespace backstock;
using namespace backstock::net;

namespace {

// `openssl s_server` for one connection, with a certificate made on the spot.
class TlsServer {
 public:
  explicit TlsServer(const std::string& certificate_options) {
    char folder[] = "/tmp/backstock-tls-XXXXXX";
    if (mkdtemp(folder) == nullptr) return;
    folder_ = folder;
    const std::string files = " -keyout " + folder_ + "/key -out " + folder_ + "/cert ";
    const std::string make =
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=localhost" + files +
        certificate_options + " 2>/dev/null";
    if (std::system(make.c_str()) != 0) return;
    const std::string serve = "exec openssl s_server -accept 127.0.0.1:0 -naccept 1 -www -cert " + folder_ +
                              "/cert -key " + folder_ + "/key 2>/dev/null </dev/null";
    output_ = popen(serve.c_str(), "r");
    char line[256];
    while (output_ != nullptr && std::fgets(line, sizeof line, output_) != nullptr) {
      const std::string text(line);
      if (!text.starts_with("ACCEPT")) continue;
      port_ = std::atoi(text.c_str() + text.rfind(':') + 1);
      return;
    }
  }
  ~TlsServer() {
    if (output_ != nullptr) pclose(output_);
    for (const char* file : {"/key", "/cert"}) std::remove((folder_ + file).c_str());
    std::remove(folder_.c_str());
  }
  TlsServer(const TlsServer&) = delete;
  TlsServer& operator=(const TlsServer&) = delete;
  int port() const { return port_; }

 private:
  std::string folder_;
  std::FILE* output_ = nullptr;
  int port_ = 0;
};

}  // namespace

TEST_CASE("a certificate that nobody vouches for is refused, named, and the token is not sent") {
  const TlsServer server("-days 1");
  if (server.port() == 0) {
    WARN("skipped: no usable openssl tool");
    return;
  }
  auto transport = std::move(*CurlTransport::create());
  const auto result = transport->send(
      {.url = "https://localhost:" + std::to_string(server.port()) + "/", .headers = {{"X-Auth-Token", "s3cret"}}}, {});
  REQUIRE_FALSE(result);
  const std::string sentence = result.error().sentence();
  INFO(sentence);
  CHECK(result.error().kind == ErrorKind::unreachable);
  CHECK(sentence.find("localhost") != std::string::npos);
  CHECK(sentence.find("self-signed certificate") != std::string::npos);
  CHECK(sentence.find("ca-certificates") != std::string::npos);
  CHECK(sentence.find("s3cret") == std::string::npos);
}
