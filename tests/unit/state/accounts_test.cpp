#include "state_world.h"

namespace backstock::state {
namespace {

using namespace std::chrono_literals;

const Secret kPassword("first password");
const Secret kOther("other password");

TEST_CASE("without a password nobody signs in, and a link sets the first one") {
  StateWorld world;
  CHECK_FALSE(must(world.accounts->has_password()));
  CHECK_FALSE(must(world.accounts->sign_in(Secret(""))));
  CHECK_FALSE(must(world.accounts->sign_in(kPassword)));
  const NewSession session = world.set_password("first password");
  CHECK(must(world.accounts->has_password()));
  CHECK(world.is_session(session));
  CHECK(must(world.accounts->sign_in(kPassword)));
  CHECK_FALSE(must(world.accounts->sign_in(kOther)));
}

TEST_CASE("a link works once, and takes all others with it") {
  StateWorld world;
  const Secret one = must(world.accounts->make_link());
  const Secret two = must(world.accounts->make_link());
  CHECK(must(world.accounts->set_up(one, kPassword)));
  CHECK_FALSE(must(world.accounts->set_up(one, kOther)));
  CHECK_FALSE(must(world.accounts->set_up(two, kOther)));
  CHECK_FALSE(must(world.accounts->sign_in(kOther)));
}

TEST_CASE("a link that was never made does nothing") {
  StateWorld world;
  must(world.accounts->make_link());
  CHECK_FALSE(must(world.accounts->set_up(Secret(""), kPassword)));
  CHECK_FALSE(must(world.accounts->set_up(Secret("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"), kPassword)));
  CHECK_FALSE(must(world.accounts->has_password()));
}

TEST_CASE("a link lives for 24 hours, a restart included") {
  StateWorld world;
  const Secret early = must(world.accounts->make_link());
  world.clock.advance(23h);
  world.restart();
  const Secret late = must(world.accounts->make_link());
  world.clock.advance(1h + 1s);
  CHECK_FALSE(must(world.accounts->set_up(early, kPassword)));
  CHECK(must(world.accounts->set_up(late, kPassword)));
}

TEST_CASE("a session ends 30 minutes after its last use") {
  StateWorld world;
  const NewSession session = world.set_password("first password");
  for (int i = 0; i < 5; ++i) {
    world.clock.advance(29min);
    CHECK(world.is_session(session));
  }
  world.clock.advance(30min + 1s);
  CHECK_FALSE(world.is_session(session));
  CHECK_FALSE(must(world.accounts->session_lives(session.id)));
}

TEST_CASE("looking at a session without using it does not keep it alive") {
  StateWorld world;
  const NewSession session = world.set_password("first password");
  for (int i = 0; i < 3; ++i) {
    world.clock.advance(9min);
    CHECK(world.is_session(session, false));
    CHECK(must(world.accounts->session_lives(session.id)));
  }
  world.clock.advance(4min);
  CHECK_FALSE(world.is_session(session));
}

TEST_CASE("a session ends after 12 hours however often it is used") {
  StateWorld world;
  const NewSession session = world.set_password("first password");
  for (int i = 0; i < 36; ++i) {
    CHECK(world.is_session(session));
    world.clock.advance(20min);
  }
  CHECK(world.is_session(session));
  world.clock.advance(1min);
  CHECK_FALSE(world.is_session(session));
}

TEST_CASE("sessions survive a restart, with the time of their last use") {
  StateWorld world;
  const NewSession session = world.set_password("first password");
  world.clock.advance(25min);
  CHECK(world.is_session(session));
  world.restart();
  world.clock.advance(25min);
  CHECK(world.is_session(session));
  world.clock.advance(31min);
  world.restart();
  CHECK_FALSE(world.is_session(session));
}

TEST_CASE("a session of the future, made while the clock was wrong, is none") {
  StateWorld world;
  const NewSession session = world.set_password("first password");
  world.clock.set_now(world.clock.now() - 2h);
  CHECK_FALSE(world.is_session(session));
}

TEST_CASE("signing out ends that session and no other") {
  StateWorld world;
  const NewSession one = world.set_password("first password");
  const NewSession two = *must(world.accounts->sign_in(kPassword));
  must(world.accounts->sign_out(one.id));
  CHECK_FALSE(world.is_session(one));
  CHECK(world.is_session(two));
  must(world.accounts->save_use());
  CHECK_FALSE(world.is_session(one));
}

TEST_CASE("another password ends every other session and every link") {
  StateWorld world;
  const NewSession mine = world.set_password("first password");
  const NewSession other = *must(world.accounts->sign_in(kPassword));
  const Secret link = must(world.accounts->make_link());
  CHECK_FALSE(must(world.accounts->change_password(mine.id, kOther, Secret("third password"))));
  CHECK(world.is_session(other));
  CHECK(must(world.accounts->change_password(mine.id, kPassword, kOther)));
  CHECK(world.is_session(mine));
  CHECK_FALSE(world.is_session(other));
  CHECK_FALSE(must(world.accounts->set_up(link, kPassword)));
  CHECK_FALSE(must(world.accounts->sign_in(kPassword)));
  CHECK(must(world.accounts->sign_in(kOther)));
}

TEST_CASE("a password set by a link ends every session") {
  StateWorld world;
  const NewSession old = world.set_password("first password");
  const NewSession session = world.set_password("other password");
  CHECK_FALSE(world.is_session(old));
  CHECK(world.is_session(session));
  CHECK_FALSE(must(world.accounts->sign_in(kPassword)));
}

TEST_CASE("a token is found until it is revoked, and says when it was last used") {
  StateWorld world;
  const NewToken reader = must(world.accounts->make_token("monitor", TokenAccess::read));
  world.clock.advance(1s);
  const NewToken driver = must(world.accounts->make_token("cron", TokenAccess::operate));
  CHECK(reader.secret.reveal().rfind("bk_", 0) == 0);
  CHECK(reader.secret.reveal().size() == 46);
  CHECK_FALSE(must(world.accounts->find_token(Secret(reader.secret.reveal() + "x"))));
  CHECK_FALSE(must(world.accounts->find_token(Secret(""))));
  world.clock.advance(10s);
  const auto found = must(world.accounts->find_token(driver.secret));
  REQUIRE(found);
  CHECK(found->access == TokenAccess::operate);
  CHECK(found->id == driver.token.id);

  for (int restarted = 0; restarted < 2; ++restarted) {
    const std::vector<Token> all = must(world.accounts->tokens());
    REQUIRE(all.size() == 2);
    CHECK(all[0].name == "monitor");
    CHECK_FALSE(all[0].last_used_at);
    CHECK(all[1].access == TokenAccess::operate);
    CHECK(all[1].last_used_at == world.clock.now());
    world.restart();
  }
  must(world.accounts->revoke_token(driver.token.id));
  CHECK_FALSE(must(world.accounts->find_token(driver.secret)));
  CHECK_FALSE(must(world.accounts->token_lives(driver.token.id)));
  CHECK(must(world.accounts->token_lives(reader.token.id)));
  CHECK(world.accounts->revoke_token(driver.token.id).error().kind == ErrorKind::not_found);
}

TEST_CASE("a token's name is for people: not empty, not endless, no control characters") {
  StateWorld world;
  for (const std::string& name : {std::string(), std::string(500, 'n'), std::string("a\nb"), std::string("a\x7f")})
    CHECK(world.accounts->make_token(name, TokenAccess::read).error().kind == ErrorKind::bad_input);
  CHECK(must(world.accounts->tokens()).empty());
}

TEST_CASE("looking changes no byte on the disk until what was used is written down") {
  StateWorld world;
  const NewSession session = world.set_password("first password");
  const NewToken token = must(world.accounts->make_token("monitor", TokenAccess::read));
  world.clock.advance(1min);
  const std::string before = world.bytes();
  CHECK(world.is_session(session));
  CHECK(must(world.accounts->find_token(token.secret)));
  CHECK(must(world.accounts->tokens()).size() == 1);
  CHECK(must(world.accounts->has_password()));
  CHECK(world.bytes() == before);
  must(world.accounts->save_use());
  CHECK(world.bytes() != before);
  const std::string saved = world.bytes();
  must(world.accounts->save_use());
  CHECK(world.bytes() == saved);
}

TEST_CASE("what has ended is removed from the file") {
  StateWorld world;
  world.set_password("first password");
  must(world.accounts->make_link());
  world.clock.advance(25h);
  must(world.accounts->save_use());
  world.accounts.reset();
  const auto connection = must(index::Connection::open(world.path, index::Access::read));
  CHECK(must(connection->query_integer("SELECT count(*) FROM sessions")) == 0);
  CHECK(must(connection->query_integer("SELECT count(*) FROM links")) == 0);
  CHECK(must(connection->query_integer("SELECT count(*) FROM password")) == 1);
}

TEST_CASE("no secret stands in the file") {
  StateWorld world;
  const NewSession session = world.set_password("first password");
  const NewToken token = must(world.accounts->make_token("monitor", TokenAccess::read));
  const Secret link = must(world.accounts->make_link());
  const std::string bytes = world.bytes();
  for (const std::string& secret :
       {std::string("first password"), session.cookie.reveal(), token.secret.reveal(), link.reveal()})
    CHECK(bytes.find(secret) == std::string::npos);
  CHECK(bytes.find(session.id) != std::string::npos);  // what is looked for would be seen
}

}  // namespace
}  // namespace backstock::state
