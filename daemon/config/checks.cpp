#include "config/checks.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>

#include "content/registry.h"

namespace backstock::config {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_letter(char c) { return is_lower(c) || (c >= 'A' && c <= 'Z'); }

template <class Test>
bool all(std::string_view text, Test test) {
  for (const char c : text)
    if (!test(c)) return false;
  return true;
}

bool is_ipv4(const std::string& text) {
  in_addr address{};
  return ::inet_pton(AF_INET, text.c_str(), &address) == 1;
}

bool is_ipv6(const std::string& text) {
  in6_addr address{};
  return ::inet_pton(AF_INET6, text.c_str(), &address) == 1;
}

bool is_host_name(std::string_view text) {
  if (text.empty() || text.size() > 253 || text.front() == '-' || text.front() == '.') return false;
  return all(text, [](char c) { return is_letter(c) || is_digit(c) || c == '-' || c == '.'; });
}

bool is_loopback(const std::string& host, bool bracketed) {
  if (bracketed) {
    in6_addr address{};
    return ::inet_pton(AF_INET6, host.c_str(), &address) == 1 && IN6_IS_ADDR_LOOPBACK(&address) != 0;
  }
  return host == "localhost" || (is_ipv4(host) && host.starts_with("127."));
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  if (text.empty() || (text.size() > 1 && text.front() == '0')) return std::nullopt;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return port;
}

// host, [host], host:port, [host]:port; `host` without brackets.
struct HostAndPort {
  std::string host;
  bool bracketed = false;
  std::optional<std::string> port;
};

std::optional<HostAndPort> split_host(std::string_view text) {
  HostAndPort parts;
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    if (end == text.npos) return std::nullopt;
    parts.host = text.substr(1, end - 1);
    parts.bracketed = true;
    text.remove_prefix(end + 1);
    if (text.empty()) return parts;
    if (text.front() != ':') return std::nullopt;
    parts.port = text.substr(1);
    return parts;
  }
  const auto colon = text.find(':');
  parts.host = text.substr(0, colon);
  if (colon != text.npos) parts.port = text.substr(colon + 1);
  return parts;
}

std::string number_text(double value) { return fmt::format("{}", value); }

}  // namespace

std::string ListenAddress::text() const {
  return host.find(':') == host.npos ? fmt::format("{}:{}", host, port) : fmt::format("[{}]:{}", host, port);
}

std::optional<Complaint> check_absolute_path(const std::string& path) {
  if (path.starts_with('/') && path.size() > 1) return std::nullopt;
  return Complaint{fmt::format("found {}, allowed is a path that begins with /", found(path)),
                   "a service has no folder of its own to start from: write the whole path"};
}

std::optional<Complaint> check_store_name(const std::string& name) {
  constexpr std::size_t kLongest = 40;
  const auto fits = [](char c) { return is_letter(c) || is_digit(c) || c == '-' || c == '_'; };
  if (!name.empty() && name.size() <= kLongest && is_letter(name.front()) && all(name, fits)) return std::nullopt;
  return Complaint{
      fmt::format("found {}, allowed are up to {} letters, digits, - and _, a letter first", found(name), kLongest),
      "choose a short name such as acme; commands and addresses use it"};
}

std::optional<Complaint> check_store_hash(const std::string& hash) {
  const auto fits = [](char c) { return is_lower(c) || is_digit(c); };
  if (hash.size() >= 4 && hash.size() <= 20 && all(hash, fits)) return std::nullopt;
  return Complaint{fmt::format("found {}, allowed are 4 to 20 small letters and digits", found(hash)),
                   "it is the part after store- in the control panel's address, https://store-HASH.mybigcommerce.com"};
}

std::optional<Complaint> check_api_url(const std::string& url) {
  const char* const hint = "write https://api.bigcommerce.com, or remove the key to use it";
  const bool https = url.starts_with("https://");
  if (!https && !url.starts_with("http://"))
    return Complaint{fmt::format("found {}, allowed is an address that begins with https://", found(url)), hint};
  const std::string_view rest = std::string_view(url).substr(https ? 8 : 7);
  // Before anything repeats what was typed.
  if (rest.find('@') != rest.npos)
    return Complaint{"found an address with a login in it, allowed is host[:port]", hint};
  if (rest.find_first_of("/?#") != rest.npos)
    return Complaint{fmt::format("found {} with something after the host, allowed is host[:port]", found(url)),
                     "remove everything from the / after the host on; Backstock adds the paths"};
  const auto parts = split_host(rest);
  if (!parts || (parts->bracketed ? !is_ipv6(parts->host) : !is_host_name(parts->host)))
    return Complaint{fmt::format("found {}, which names no host", found(url)), hint};
  if (parts->port && parse_port(*parts->port).value_or(0) == 0)
    return Complaint{fmt::format("found the port {}, allowed is 1-65535", found(*parts->port)), hint};
  if (!https && !is_loopback(parts->host, parts->bracketed))
    return Complaint{
        fmt::format("found {}: http:// is allowed to this machine only (127.0.0.1, [::1], localhost)", found(url)),
        "write https://; the token would cross the network in the clear"};
  return std::nullopt;
}

std::optional<Complaint> check_share_above_zero(const double& share) {
  if (share > 0 && share <= 1) return std::nullopt;
  return Complaint{fmt::format("found {}, allowed is more than 0 and at most 1", number_text(share)),
                   "0.5 is one half, 1 is all of it"};
}

std::optional<Complaint> check_share(const double& share) {
  if (share >= 0 && share <= 1) return std::nullopt;
  return Complaint{fmt::format("found {}, allowed is 0 to 1", number_text(share)), "0.2 is one fifth, 1 is all"};
}

std::optional<Complaint> check_host_names(const std::vector<std::string>& names) {
  for (const std::string& name : names)
    if (!is_host_name(name))
      return Complaint{fmt::format("found {}, allowed are host names such as backup.example.com", found(name)),
                       "write the name alone, without https://, port or path"};
  return std::nullopt;
}

std::optional<Complaint> check_extra_parts(const std::vector<std::string>& names) {
  std::vector<std::string> allowed;
  for (const content::ContentType& type : content::all_types()) {
    for (const content::Part& part : type.parts) {
      if (part.on_request) allowed.push_back(std::string(type.name) + "." + std::string(part.name));
    }
  }
  for (const std::string& name : names) {
    if (std::find(allowed.begin(), allowed.end(), name) == allowed.end())
      return Complaint{fmt::format("found {}, allowed is {}", found(name), fmt::join(allowed, ", ")),
                       "leave the key out unless you need these parts: they cost one request per item"};
  }
  return std::nullopt;
}

std::optional<Complaint> check_log_levels(const std::string& spec) {
  std::string_view rest = spec;
  while (true) {
    const auto comma = rest.find(',');
    const std::string_view part = rest.substr(0, comma);
    const auto equals = part.find('=');
    const std::string_view level = equals == part.npos ? part : part.substr(equals + 1);
    const std::string_view room = equals == part.npos ? "all" : part.substr(0, equals);
    if (const std::vector<std::string_view> levels = {"debug", "info", "warn", "error"};
        std::find(levels.begin(), levels.end(), level) == levels.end())
      return Complaint{fmt::format("found the level {}, allowed is debug, info, warn or error", found(level)),
                       did_you_mean(level, levels)};
    if (room.empty() || !all(room, [](char c) { return is_lower(c) || c == '_'; }))
      return Complaint{fmt::format("found the room {}, allowed is a word such as store_api", found(room)),
                       "write room=level, without spaces: info,store_api=debug"};
    if (comma == rest.npos) return std::nullopt;
    rest.remove_prefix(comma + 1);
  }
}

std::optional<Complaint> check_credential_name(const std::string& name) {
  const auto fits = [](char c) { return is_letter(c) || is_digit(c) || c == '-' || c == '_' || c == '.'; };
  if (!name.empty() && name.size() <= 100 && name.front() != '.' && all(name, fits)) return std::nullopt;
  return Complaint{fmt::format("found {}, allowed are letters, digits, - _ and .", found(name)),
                   "write the name that stands in the service's LoadCredential= line"};
}

std::optional<Complaint> parse_listen(const std::string& text, ListenAddress& into) {
  const char* const hint = "write 127.0.0.1:8420 to be reached from this machine only";
  const auto parts = split_host(text);
  if (!parts || !parts->port) return Complaint{fmt::format("found {}, allowed is address:port", found(text)), hint};
  const auto port = parse_port(*parts->port);
  if (parts->bracketed ? !is_ipv6(parts->host) : parts->host != "localhost" && !is_ipv4(parts->host))
    return Complaint{fmt::format("found the address {}, allowed is an IPv4 address, an IPv6 address in brackets, or "
                                 "localhost",
                                 found(parts->host)),
                     hint};
  if (!port) return Complaint{fmt::format("found the port {}, allowed is 0-65535", found(*parts->port)), hint};
  into = {parts->host, *port};
  return std::nullopt;
}

std::optional<Complaint> parse_number(const std::string& text, double& into) {
  const Complaint wrong{fmt::format("found {}, allowed is a number such as 0.5", found(text)),
                        "write digits, with a point for the fraction and without quotes, % or sign"};
  const auto point = text.find('.');
  const std::string_view whole = std::string_view(text).substr(0, point);
  const std::string_view fraction = point == text.npos ? "0" : std::string_view(text).substr(point + 1);
  if (whole.empty() || fraction.empty() || !all(whole, is_digit) || !all(fraction, is_digit)) return wrong;
  if (whole.size() > 1 && whole.front() == '0')
    return Complaint{fmt::format("found {}, a number with a leading zero", found(text)),
                     "remove the zero: some programs read such numbers as octal"};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), into);
  if (error != std::errc{} || end != text.data() + text.size()) return wrong;
  return std::nullopt;
}

}  // namespace backstock::config
