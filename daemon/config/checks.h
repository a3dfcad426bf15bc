// What must hold for single values. Each gives what is wrong with the value, or nothing.
//
// Threads: pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/problem.h"

namespace backstock::config {

// Where a listener listens: an IPv4 address, an IPv6 address in brackets, or localhost. Port 0 lets the system choose.
struct ListenAddress {
  std::string host;  // without brackets
  std::uint16_t port = 0;
  std::string text() const;
  bool operator==(const ListenAddress&) const = default;
};

std::optional<Complaint> check_absolute_path(const std::string& path);
std::optional<Complaint> check_store_name(const std::string& name);
std::optional<Complaint> check_store_hash(const std::string& hash);
// https:// to any host, http:// to loopback; no path, query or login.
std::optional<Complaint> check_api_url(const std::string& url);
std::optional<Complaint> check_share_above_zero(const double& share);  // (0, 1]
std::optional<Complaint> check_share(const double& share);             // [0, 1]
std::optional<Complaint> check_host_names(const std::vector<std::string>& names);
std::optional<Complaint> check_extra_parts(const std::vector<std::string>& names);
std::optional<Complaint> check_log_levels(const std::string& spec);
std::optional<Complaint> check_credential_name(const std::string& name);
// Fills `into` when there is nothing to complain about.
std::optional<Complaint> parse_listen(const std::string& text, ListenAddress& into);
// Digits with at most one point. No sign, no exponent, no leading zero: 010 is eight to some YAML readers.
std::optional<Complaint> parse_number(const std::string& text, double& into);

}  // namespace backstock::config
