// What curl's result codes mean to an operator.
#pragma once

#include <curl/curl.h>

#include <string>
#include <string_view>

#include "base/result.h"

namespace backstock::net {

// `own_words` is curl's error buffer: it names hosts and certificate problems, never headers or paths.
Error curl_failure(CURLcode code, const std::string& host, std::string_view own_words);

}  // namespace backstock::net
