// How much of the disk stays free, as it is written.
//
// Threads: values.
#pragma once

#include <optional>
#include <string>
#include <tuple>

#include "base/bytes.h"
#include "config/field.h"

namespace backstock::config {

// 512MiB, 2GiB, or automatic.
struct Size {
  std::optional<ByteCount> bytes;  // nothing: automatic
  std::string text = "automatic";  // as written
};

// Fills `into` when there is nothing to complain about.
std::optional<Complaint> parse_size(const std::string& text, Size& into);

struct Disk {
  Size warn;
  Size stop;

  static constexpr auto fields() { return std::tuple(field("warn", &Disk::warn), field("stop", &Disk::stop)); }
};

std::optional<Complaint> check_disk(const Disk& disk);  // warns before it stops

}  // namespace backstock::config
