#include "cli/terminal.h"

#include <catch2/catch.hpp>

using namespace backstock;
using namespace backstock::cli;

namespace {

std::string printed(const std::function<void(std::FILE*)>& print_to) {
  char* bytes = nullptr;
  std::size_t size = 0;
  std::FILE* file = open_memstream(&bytes, &size);
  print_to(file);
  std::fclose(file);
  std::string text(bytes, size);
  std::free(bytes);
  return text;
}

backup::Progress some_progress() {
  backup::Progress p;
  p.store = "acme";
  p.type = "products";
  p.phase = "reading";
  p.type_number = 4;
  p.type_count = 4;
  p.items_done = 1200;
  p.items_total = 8000;
  p.items_per_second = 99.6;
  p.seconds_left = 68;
  p.versions = 12;
  p.requests = 130;
  p.ticks = std::chrono::milliseconds(5000);
  return p;
}

}  // namespace

TEST_CASE("sizes, counts and spans are written for people") {
  CHECK(describe_size(999) == "999 bytes");
  CHECK(describe_size(3'400'000) == "3.4 MB");
  CHECK(describe_count(12345678) == "12,345,678");
  CHECK(describe_count(123) == "123");
  CHECK(describe_seconds(59) == "59 s");
  CHECK(describe_seconds(125) == "2 min 05 s");
  CHECK(describe_seconds(3840) == "1 h 04 min");
}

TEST_CASE("texts from a store cannot steer the terminal") {
  CHECK(printable("a\033[31mb\nc\x7f", 100) == "a [31mb c ");
  CHECK(printable("\xc2\x9b"
                  "31m",
                  100) == " 31m");
  CHECK(printable("né", 100) == "né");
  CHECK(printable("ééééé", 3) == "ééé…");
}

TEST_CASE("a table lines up by characters and has no blanks at line ends") {
  const std::string text = printed([](std::FILE* to) {
    print_table(to, {{"ID", "NAME", ""}, {"1", "né", ""}, {"22", "x", "gone"}});
  });
  CHECK(text == "ID  NAME\n1   né\n22  x     gone\n");
}

TEST_CASE("piped progress is a plain line when something begins and then only every few seconds") {
  const std::string text = printed([](std::FILE* to) {
    ProgressLine line(to, false);
    backup::Progress p = some_progress();
    line.show(p);
    p.ticks += std::chrono::milliseconds(4000);
    line.show(p);
    p.phase = "confirming deletions";
    line.show(p);
  });
  CHECK(std::count(text.begin(), text.end(), '\n') == 2);
  CHECK(text.find(
            "acme  4/4 products: reading 1,200 of 8,000, 100/s, 1 min 08 s left, 12 new versions, 130 requests\n") ==
        0);
  CHECK(text.find('\033') == text.npos);
}

TEST_CASE("progress survives the way through JSON") {
  backup::Progress p = some_progress();
  p.rate.quota = 150;
  p.rate.our_part = 75;
  p.rate.wait_until = p.ticks + std::chrono::milliseconds(1500);
  CHECK(to_text(to_json(progress_from_json(to_json(p)))) == to_text(to_json(p)));
}
