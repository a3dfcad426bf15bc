#include "http/admin_server.h"

#include "http/routes.h"

namespace backstock::http {

class AdminServer::Routing final : public RequestHandler {
 public:
  Routing(HostGuard guard, const StatusSource& status) : guard_(std::move(guard)), serving_{status} {}
  Response answer(const Request& request) override { return route_request(guard_, serving_, request); }

 private:
  HostGuard guard_;
  Serving serving_;
};

AdminServer::AdminServer(std::unique_ptr<Routing> routing, std::unique_ptr<Gate> gate)
    : routing_(std::move(routing)), gate_(std::move(gate)) {}

AdminServer::~AdminServer() { stop(); }

Result<std::unique_ptr<AdminServer>> AdminServer::start(Options options, const StatusSource& status) {
  std::unique_ptr<Gate> gate = TRY(Gate::open({.host = options.host,
                                               .port = options.port,
                                               .setting = "admin.listen",
                                               .limits = options.limits,
                                               .headers = security_headers()}));
  // Only the bound gate knows its port, and the guard needs it.
  auto routing = std::make_unique<Routing>(HostGuard(options.host, gate->port(), options.extra_hosts), status);
  TRY(gate->start(*routing));
  return std::unique_ptr<AdminServer>(new AdminServer(std::move(routing), std::move(gate)));
}

std::uint16_t AdminServer::port() const { return gate_->port(); }

void AdminServer::stop() { gate_->stop(); }

}  // namespace backstock::http
