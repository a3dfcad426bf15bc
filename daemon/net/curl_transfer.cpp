#include "net/curl_transfer.h"

#include <algorithm>
#include <cstring>

#include "net/curl_failure.h"

namespace backstock::net {

CurlTransfer::CurlTransfer(const HttpRequest& request, UrlTarget target)
    : request_(request), target_(std::move(target)), easy_(curl_easy_init()) {
  CURL* easy = easy_.get();
  if (easy == nullptr) return;
  curl_easy_setopt(easy, CURLOPT_URL, request_.url.c_str());
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, target_.loopback ? "http,https" : "https");
  curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
  // Four kept connections are as good as one HTTP/2 connection here, and this is what the tests cover.
  curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
  curl_easy_setopt(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  // A proxy must not see what is meant for this machine alone: it may be plain http with a token.
  if (target_.loopback) curl_easy_setopt(easy, CURLOPT_PROXY, "");
  curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  if (request_.accept_compressed) curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip");
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);  // else a stop would wait for the resolver thread
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, own_words_);
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, &take_header);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, this);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &take_body);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, this);
  curl_easy_setopt(easy, CURLOPT_PRIVATE, this);
  set_limits();
  set_method();
  set_headers();
}

void CurlTransfer::set_limits() {
  CURL* easy = easy_.get();
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(request_.timeout_connect.count()));
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(request_.timeout_total.count()));
  if (request_.timeout_stall.count() > 0) {
    curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, &watch_progress);
    curl_easy_setopt(easy, CURLOPT_XFERINFODATA, this);
    curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
  }
  // Gives up at the Content-Length already; the count in add_body() covers chunked and compressed answers. A HEAD
  // answer names a length that never comes.
  if (request_.method != "HEAD" && request_.max_body > 0) {
    curl_easy_setopt(easy, CURLOPT_MAXFILESIZE_LARGE, static_cast<curl_off_t>(request_.max_body));
  }
}

void CurlTransfer::set_method() {
  CURL* easy = easy_.get();
  if (request_.method == "HEAD") {
    curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
    return;
  }
  const bool writes = request_.method == "POST" || request_.method == "PUT" || request_.method == "PATCH";
  if (!writes && request_.body.empty()) {
    curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L);
  } else {
    // The body goes through a callback, not CURLOPT_POSTFIELDS: having to rewind it is how one learns that curl is
    // about to send the request a second time, on a new connection, after a kept one broke.
    curl_easy_setopt(easy, CURLOPT_POST, 1L);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
    curl_easy_setopt(easy, CURLOPT_READFUNCTION, &give_body);
    curl_easy_setopt(easy, CURLOPT_READDATA, this);
    curl_easy_setopt(easy, CURLOPT_SEEKFUNCTION, &refuse_rewind);
    curl_easy_setopt(easy, CURLOPT_SEEKDATA, this);
    // Nothing to rewind: only a connection of its own keeps an empty POST from being sent twice.
    if (request_.body.empty()) curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
  }
  curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request_.method.c_str());
}

void CurlTransfer::set_headers() {
  bool content_type = false;
  const auto append = [&](const std::string& line) {
    if (curl_slist* longer = curl_slist_append(sent_headers_.get(), line.c_str())) {
      (void)sent_headers_.release();
      sent_headers_.reset(longer);
    }
  };
  for (const auto& [name, value] : request_.headers) {
    append(value.empty() ? name + ";" : name + ": " + value);  // curl's way of writing a header without value
    if (strcasecmp(name.c_str(), "Content-Type") == 0) content_type = true;
  }
  append("Expect:");                           // no waiting for 100 Continue
  if (!content_type) append("Content-Type:");  // curl would call it a form
  curl_easy_setopt(easy_.get(), CURLOPT_HTTPHEADER, sent_headers_.get());
}

std::size_t CurlTransfer::take_header(char* bytes, std::size_t size, std::size_t count, void* self) {
  return static_cast<CurlTransfer*>(self)->add_header({bytes, size * count}) ? size * count : 0;
}

std::size_t CurlTransfer::take_body(char* bytes, std::size_t size, std::size_t count, void* self) {
  return static_cast<CurlTransfer*>(self)->add_body({bytes, size * count}) ? size * count : 0;
}

std::size_t CurlTransfer::give_body(char* bytes, std::size_t size, std::size_t count, void* self) {
  auto* own = static_cast<CurlTransfer*>(self);
  const std::size_t part = std::min(size * count, own->request_.body.size() - own->body_sent_);
  std::memcpy(bytes, own->request_.body.data() + own->body_sent_, part);
  own->body_sent_ += part;
  return part;
}

int CurlTransfer::watch_progress(void* self, curl_off_t, curl_off_t came, curl_off_t, curl_off_t gone) {
  auto* own = static_cast<CurlTransfer*>(self);
  const auto now = std::chrono::steady_clock::now();
  const std::chrono::milliseconds span = own->request_.timeout_stall;
  if (now - own->stall_began_ < span) return 0;
  const ByteCount least = own->request_.stall_floor * static_cast<ByteCount>(span.count()) / 1000;
  if (static_cast<ByteCount>(came + gone - own->moved_then_) < std::max<ByteCount>(1, least)) {
    own->stalled_ = true;
    return 1;
  }
  own->stall_began_ = now;
  own->moved_then_ = came + gone;
  return 0;
}

int CurlTransfer::refuse_rewind(void* self, curl_off_t, int) {
  return static_cast<CurlTransfer*>(self)->body_sent_ == 0 ? CURL_SEEKFUNC_OK : CURL_SEEKFUNC_FAIL;
}

bool CurlTransfer::add_header(std::string_view line) {
  header_bytes_ += line.size();
  if (++header_count_ > kMaxHeaders || header_bytes_ > kMaxHeaderBytes) {
    too_many_headers_ = true;
    return false;
  }
  if (!reply_.body.empty()) return true;  // trailers of a chunked body
  while (!line.empty() && (line.back() == '\r' || line.back() == '\n')) line.remove_suffix(1);
  if (line.starts_with("HTTP/")) {  // also after a 1xx
    reply_.headers.clear();
    return true;
  }
  const auto colon = line.find(':');
  if (colon == line.npos) return true;
  std::string_view value = line.substr(colon + 1);
  while (!value.empty() && (value.front() == ' ' || value.front() == '\t')) value.remove_prefix(1);
  while (!value.empty() && (value.back() == ' ' || value.back() == '\t')) value.remove_suffix(1);
  reply_.headers.add(std::string(line.substr(0, colon)), std::string(value));
  return true;
}

bool CurlTransfer::add_body(std::string_view bytes) {
  if (reply_.body.size() + bytes.size() > request_.max_body) {
    too_large_ = true;
    return false;
  }
  if (reply_.body.empty()) {
    curl_off_t length = -1;
    curl_easy_getinfo(easy_.get(), CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
    if (length > 0)
      reply_.body.reserve(static_cast<std::size_t>(std::min(static_cast<ByteCount>(length), request_.max_body)));
  }
  reply_.body.append(bytes);
  return true;
}

Result<HttpReply> CurlTransfer::finish(CURLcode code) {
  if (too_large_ || code == CURLE_FILESIZE_EXCEEDED) {
    return make_error(ErrorKind::too_large, "the answer of " + target_.host + " is larger than " +
                                                std::to_string(request_.max_body) + " bytes");
  }
  if (too_many_headers_) {
    return make_error(ErrorKind::rejected,
                      target_.host + " sent more than " + std::to_string(kMaxHeaders) + " headers or 64 KiB of them");
  }
  if (stalled_) {
    return curl_failure(CURLE_OPERATION_TIMEDOUT, target_.host,
                        "nothing came for " + std::to_string(request_.timeout_stall.count()) + " ms");
  }
  if (code != CURLE_OK) return curl_failure(code, target_.host, own_words_);
  long status = 0;
  curl_off_t body_bytes = 0;
  curl_off_t microseconds = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
  curl_easy_getinfo(easy_.get(), CURLINFO_SIZE_DOWNLOAD_T, &body_bytes);
  curl_easy_getinfo(easy_.get(), CURLINFO_TOTAL_TIME_T, &microseconds);
  reply_.status = static_cast<int>(status);
  reply_.wire_bytes = header_bytes_ + static_cast<ByteCount>(body_bytes);
  reply_.duration = std::chrono::ceil<std::chrono::milliseconds>(std::chrono::microseconds(microseconds));
  return std::move(reply_);
}

}  // namespace backstock::net
