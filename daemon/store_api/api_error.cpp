#include "store_api/api_error.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/json_text.h"

namespace backstock::store_api {
namespace {

constexpr std::size_t kMaxFields = 8;
constexpr std::size_t kMaxDetail = 4096;

bool is_field_path(std::string_view text) {
  static constexpr std::string_view kAllowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.[]-";
  return !text.empty() && text.size() <= 64 && text.find_first_not_of(kAllowed) == text.npos;
}

void add(std::vector<std::string>& fields, std::string_view name) {
  if (fields.size() < kMaxFields && is_field_path(name) &&
      std::find(fields.begin(), fields.end(), name) == fields.end()) {
    fields.emplace_back(name);
  }
}

// V2: "The field 'image_file' is invalid."
void add_quoted_field(std::vector<std::string>& fields, std::string_view message) {
  static constexpr std::string_view kBefore = "field '";
  const auto start = message.find(kBefore);
  if (start == message.npos) return;
  message.remove_prefix(start + kBefore.size());
  const auto end = message.find('\'');
  if (end != message.npos) add(fields, message.substr(0, end));
}

void add_keys(std::vector<std::string>& fields, std::string_view errors) {
  json_text::for_each_field(errors, [&](std::string_view key, std::string_view) {
    if (const auto name = json_text::as_string(key)) add(fields, *name);
    return fields.size() < kMaxFields;
  });
}

bool is_json(std::string_view body) { return json_text::check(body).has_value(); }

}  // namespace

std::vector<std::string> refused_fields(std::string_view body) {
  std::vector<std::string> fields;
  const auto json = json_text::first_value(body);
  if (!json || !is_json(body)) return fields;
  if (json_text::is_object(*json)) {
    if (const auto errors = json_text::find(*json, "errors")) {
      add_keys(fields, *errors);
      json_text::for_each_element(*errors, [&](std::string_view one) {
        if (const auto inner = json_text::find(one, "errors")) add_keys(fields, *inner);
        return true;
      });
    }
    if (const auto batch = json_text::find(*json, "batch_errors")) {
      json_text::for_each_element(*batch, [&](std::string_view one) {
        if (const auto errors = json_text::find(one, "errors")) add_keys(fields, *errors);
        return true;
      });
    }
  }
  json_text::for_each_element(*json, [&](std::string_view one) {
    if (const auto message = json_text::find(one, "message")) {
      if (const auto text = json_text::as_string(*message)) add_quoted_field(fields, *text);
    }
    return true;
  });
  return fields;
}

std::string describe(const Subject& subject) {
  return fmt::format("store {}: {} {}", subject.store, subject.method, subject.path);
}

Error status_error(const Subject& subject, const net::HttpReply& answer, unsigned tries) {
  using enum ErrorKind;
  const std::string what = describe(subject);
  const int status = answer.status;
  std::string said = fmt::format("{} answered {}", what, status);
  if (const auto fields = refused_fields(answer.body); !fields.empty()) {
    said += fmt::format(" (fields: {})", fmt::join(fields, ", "));
  }
  if (tries > 1) said += fmt::format(", tried {} times", tries);

  Error error;
  if (status == 401) {
    error = make_error(refused, fmt::format("store {} refused the token: {}", subject.store, said),
                       "check store_hash and the access_token file; if both are right, make a new API account in the "
                       "store's control panel");
  } else if (status == 403) {
    error = make_error(forbidden, said,
                       subject.scope.empty()
                           ? std::string("the API account lacks the OAuth scope for this, or the store's plan does")
                           : fmt::format("the API account needs the OAuth scope {}", subject.scope));
  } else if (status == 404 || status == 410) {
    const bool no_api = !is_json(answer.body);
    error = make_error(not_found, no_api ? said + " with a page that is no API answer" : said,
                       no_api ? "check store_hash and api_url: this looks like no store at all" : "");
  } else if (status >= 300 && status < 400) {
    error = make_error(rejected, said + ", a redirect", "check api_url: redirects are not followed");
  } else if (status == 413 || status == 414) {
    error = make_error(too_large, said);
  } else if (status == 429) {
    error = make_error(rate_limited, said, "other apps use up the store's request quota; lower api_share or try later");
  } else if (status == 507) {
    error = make_error(rejected, said, "a limit of the store's plan is reached");
  } else if (status == 408 || status >= 500) {
    error = make_error(unreachable, said, "the store's API has trouble; this usually passes");
  } else {
    error = make_error(rejected, said);
  }
  error.detail = answer.body.substr(0, kMaxDetail);
  return error;
}

}  // namespace backstock::store_api
