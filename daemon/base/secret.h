// A credential: it can be compared and handed to the one place that sends it; it has no text form and cannot be logged.
#pragma once

#include <string>
#include <utility>

namespace backstock {

class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string value) : value_(std::move(value)) {}
  bool empty() const { return value_.empty(); }
  // Only for the code that puts it on the wire.
  const std::string& reveal() const { return value_; }

 private:
  std::string value_;
};

}  // namespace backstock
