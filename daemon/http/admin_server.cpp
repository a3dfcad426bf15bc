#include "http/admin_server.h"

#include "http/routes.h"
#include "http/search_desk.h"
#include "http/status_ticker.h"

namespace backstock::http {

class AdminServer::Routing final : public RequestHandler {
 public:
  Routing(HostGuard guard, const Doors& doors)
      : guard_(std::move(guard)), throttle_(doors.clock), serving_{doors.status, doors.accounts, events_,
                                                                   throttle_,    doors.stores,   &searches_} {}
  Response answer(const Request& request) override { return route_request(guard_, serving_, request); }
  EventFeed& events() { return events_; }
  SearchDesk& searches() { return searches_; }

 private:
  HostGuard guard_;
  EventFeed events_;
  SearchDesk searches_;
  SignInThrottle throttle_;
  Serving serving_;
};

AdminServer::AdminServer(std::unique_ptr<Routing> routing, std::unique_ptr<Gate> gate,
                         std::unique_ptr<StatusTicker> ticker)
    : routing_(std::move(routing)), gate_(std::move(gate)), ticker_(std::move(ticker)) {}

AdminServer::~AdminServer() { stop(); }

Result<std::unique_ptr<AdminServer>> AdminServer::start(Options options, Doors doors) {
  std::unique_ptr<Gate> gate = TRY(Gate::open({.host = options.host,
                                               .port = options.port,
                                               .setting = "admin.listen",
                                               .limits = options.limits,
                                               .headers = security_headers()}));
  // Only the bound gate knows its port, and the guard needs it.
  auto routing = std::make_unique<Routing>(HostGuard(options.host, gate->port(), options.extra_hosts), doors);
  routing->events().on_change([raw = gate.get()] { raw->stir(); });
  routing->searches().on_change([raw = gate.get()] { raw->stir(); });
  TRY(gate->start(*routing));
  auto ticker = std::make_unique<StatusTicker>(doors.status, doors.accounts, routing->events());
  return std::unique_ptr<AdminServer>(new AdminServer(std::move(routing), std::move(gate), std::move(ticker)));
}

std::uint16_t AdminServer::port() const { return gate_->port(); }

void AdminServer::stop() {
  ticker_->stop();
  gate_->stop();
  routing_->searches().stop();
}

}  // namespace backstock::http
