#include "http/gate.h"

#include "http/gate_loop.h"

namespace backstock::http {

Gate::Gate(std::unique_ptr<Loop> loop) : loop_(std::move(loop)) {}

Gate::~Gate() { stop(); }

Result<std::unique_ptr<Gate>> Gate::open(Options options) {
  ListenerSocket listener = TRY(open_listener(options.host, options.port, options.setting));
  return std::unique_ptr<Gate>(new Gate(std::make_unique<Loop>(std::move(options), std::move(listener))));
}

std::uint16_t Gate::port() const { return loop_->port(); }

Result<> Gate::start(RequestHandler& handler) { return loop_->start(handler); }

void Gate::stir() { loop_->stir(); }

void Gate::stop() { loop_->stop(); }

}  // namespace backstock::http
