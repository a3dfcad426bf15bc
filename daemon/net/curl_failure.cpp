#include "net/curl_failure.h"

namespace backstock::net {
namespace {

// "SSL certificate problem: self-signed certificate" -> "self-signed certificate".
std::string_view after_label(std::string_view words) {
  for (const std::string_view label : {"SSL certificate problem: ", "SSL: "}) {
    if (words.starts_with(label)) return words.substr(label.size());
  }
  return words;
}

std::string with_reason(std::string text, std::string_view reason) {
  if (!reason.empty()) text.append(": ").append(reason);
  return text;
}

}  // namespace

Error curl_failure(CURLcode code, const std::string& host, std::string_view own_words) {
  using enum ErrorKind;
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return make_error(unreachable, "cannot find the address of " + host,
                        "check the name, and this machine's DNS and network");
    case CURLE_COULDNT_RESOLVE_PROXY:
      return make_error(unreachable, "cannot find the address of the proxy on the way to " + host,
                        "check https_proxy in the service's environment");
    case CURLE_COULDNT_CONNECT:
      return make_error(unreachable, with_reason("cannot connect to " + host, own_words),
                        "check the network and any firewall or proxy on the way");
    case CURLE_OPERATION_TIMEDOUT:
      return make_error(unreachable, with_reason(host + " took too long", own_words),
                        "check the network; if it is well, the other side is slow and this passes");
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_ISSUER_ERROR:
      return make_error(
          unreachable, with_reason("cannot trust the certificate of " + host, after_label(own_words)),
          "check the machine's date and its ca-certificates; a proxy that opens TLS needs its CA installed there");
    case CURLE_SSL_CACERT_BADFILE:
      return make_error(unreachable, with_reason("cannot read this machine's list of trusted certificates", own_words),
                        "install the package ca-certificates");
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_ENGINE_INITFAILED:
    case CURLE_USE_SSL_FAILED:
      return make_error(unreachable, with_reason("no TLS connection to " + host, own_words),
                        "check that the URL names an https server, and that no proxy is in the way");
    case CURLE_PARTIAL_FILE:
      return make_error(unreachable, host + " closed the connection in the middle of an answer");
    case CURLE_GOT_NOTHING:
      return make_error(unreachable, host + " closed the connection without an answer");
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_FAIL_REWIND:
      return make_error(unreachable, with_reason("the connection to " + host + " broke", own_words));
    case CURLE_BAD_CONTENT_ENCODING:
      return make_error(unreachable, "the compressed answer of " + host + " is damaged");
    case CURLE_FILESIZE_EXCEEDED:
      return make_error(too_large, "the answer of " + host + " is over the size limit");
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_WEIRD_SERVER_REPLY:
      return make_error(rejected, with_reason(host + " answered something that is not HTTP", own_words),
                        "check that the URL names the right server");
    case CURLE_OUT_OF_MEMORY:
      return make_error(failed, "out of memory while talking to " + host);
    default:
      return make_error(unreachable, with_reason("no answer from " + host, curl_easy_strerror(code)));
  }
}

}  // namespace backstock::net
