// Turns a whole request into the bytes of its answer: the door to cpp-httplib.
//
// Debian 12's cpp-httplib (0.11.4) is unsafe on a bare socket, so it never sees one, nor a header: it gets the checked
// request line from memory (parses path and query, decodes), calls the handler, and writes the answer into memory.
// So its Range, Expect, compression and header decoding have nothing to work on.
//
// Threads: one at a time; each worker has its own. Lifetime: the handler outlives it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "http/message.h"

namespace backstock::http {

class AnswerBytes {
 public:
  // `headers` are added to every answer.
  AnswerBytes(RequestHandler& handler, const std::vector<Header>& headers);
  ~AnswerBytes();

  struct Made {
    std::string bytes;                    // empty: the answer could not be made
    std::shared_ptr<Stream> stream = {};  // what follows the bytes, if anything does
  };
  // Never throws. Fills the request's path and query on the way. `close` says that the connection ends after it.
  Made make(Request& request, bool close);

 private:
  class Server;
  std::unique_ptr<Server> server_;
};

// The same for what never became a request: refusals of the gate. Always closes.
std::string refusal_bytes(const Response& response, const std::vector<Header>& headers);

}  // namespace backstock::http
