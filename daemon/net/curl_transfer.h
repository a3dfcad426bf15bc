// One request on its way: a curl easy handle, set up once, with what it has received so far.
//
// Its address is known to curl: neither copied nor moved. The request outlives it.
#pragma once

#include <curl/curl.h>

#include <chrono>
#include <memory>

#include "net/http_transport.h"
#include "net/outgoing_url.h"

namespace backstock::net {

class CurlTransfer {
 public:
  CurlTransfer(const HttpRequest& request, UrlTarget target);
  CurlTransfer(const CurlTransfer&) = delete;
  CurlTransfer& operator=(const CurlTransfer&) = delete;

  CURL* handle() { return easy_.get(); }  // null: no memory
  // Once curl is done with it.
  Result<HttpReply> finish(CURLcode code);

 private:
  static constexpr std::size_t kMaxHeaders = 200;
  static constexpr std::size_t kMaxHeaderBytes = 64 * 1024;

  static std::size_t take_header(char* bytes, std::size_t size, std::size_t count, void* self);
  static std::size_t take_body(char* bytes, std::size_t size, std::size_t count, void* self);
  static std::size_t give_body(char* bytes, std::size_t size, std::size_t count, void* self);
  static int watch_progress(void* self, curl_off_t to_come, curl_off_t came, curl_off_t to_go, curl_off_t gone);
  static int refuse_rewind(void* self, curl_off_t offset, int origin);
  bool add_header(std::string_view line);
  bool add_body(std::string_view bytes);
  void set_headers();
  void set_method();
  void set_limits();

  struct EasyFree {
    void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
  };
  struct ListFree {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
  };

  const HttpRequest& request_;
  UrlTarget target_;
  std::unique_ptr<curl_slist, ListFree> sent_headers_;
  char own_words_[CURL_ERROR_SIZE] = {};
  std::size_t body_sent_ = 0;
  HttpReply reply_;
  std::size_t header_count_ = 0;
  std::size_t header_bytes_ = 0;
  // Since when so little has moved. curl's own low-speed check takes five seconds more than it is told.
  std::chrono::steady_clock::time_point stall_began_ = std::chrono::steady_clock::now();
  curl_off_t moved_then_ = 0;
  bool stalled_ = false;
  bool too_many_headers_ = false;
  bool too_large_ = false;
  std::unique_ptr<CURL, EasyFree> easy_;  // last: gone before what its callbacks touch
};

}  // namespace backstock::net
