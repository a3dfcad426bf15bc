// One client's connection as a small state machine over a non-blocking socket: read a request, hand it out, write the
// answer, read the next; at the end let the client read our last words before the socket goes.
//
// advance() goes as far as the socket lets it and says what it waits for.
//
// A streaming answer (stream.h) is written piece by piece, with a comment line when nothing comes for a while; what the
// client still sends is thrown away, and its end is the stream's. Such a connection is never used for another request.
// Requests that are already here (pipelining) are served one after another.
//
// Threads: the gate's. Lifetime: limits and headers outlive it.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "http/answer_bytes.h"
#include "http/listener_socket.h"
#include "http/request_reader.h"

namespace backstock::http {

using SteadyTime = std::chrono::steady_clock::time_point;

enum class Waits { read, write, answer, nothing };  // nothing: it is over, drop it

class Connection {
 public:
  Connection(Descriptor socket, std::string remote_addr, const Limits& limits, const std::vector<Header>& headers,
             SteadyTime now);

  Waits advance(SteadyTime now);
  // After Waits::answer: the request, and whether the connection ends after its answer.
  Request take_request();
  bool closes() const { return close_after_; }
  // What the request got; empty bytes become a 500.
  void answer(AnswerBytes::Made made, SteadyTime now);
  // Says no without having read a request (too many connections, time is up).
  void refuse(const Refusal& refusal, SteadyTime now);
  // Acts on a passed deadline; then advance() again.
  void expire(SteadyTime now);

  // When expire() is due; max() while a worker has the request.
  SteadyTime deadline() const { return deadline_; }
  // Between requests: the first to go when room is needed.
  bool idle() const { return state_ == State::reading && reader_.progress() == RequestReader::Progress::nothing; }
  bool answering() const { return state_ == State::answering; }
  bool streaming() const { return state_ == State::streaming; }
  // Has a request or an answer that a stopping gate waits for a moment.
  bool busy() const { return state_ == State::answering || state_ == State::writing; }
  int socket() const { return socket_.get(); }

 private:
  enum class State { reading, answering, writing, streaming, draining, over };

  // Each gives what it waits for, or nullopt when the state has changed and advance() goes on.
  std::optional<Waits> read(SteadyTime now);
  std::optional<Waits> write(SteadyTime now);
  std::optional<Waits> stream(SteadyTime now);
  std::optional<Waits> drain();
  void take_bytes(SteadyTime now);
  void start_reading(SteadyTime now);
  void start_writing(std::string bytes, SteadyTime now);
  void say_goodbye(SteadyTime now);

  // Fixed at creation.
  Descriptor socket_;
  std::string remote_addr_;
  const Limits* limits_;
  const std::vector<Header>* headers_;
  // Change as it goes.
  State state_ = State::reading;
  SteadyTime deadline_;
  RequestReader reader_;
  std::string waiting_;  // read from the socket, not yet taken by the reader: pipelined requests
  std::string out_;
  std::shared_ptr<Stream> stream_;
  std::size_t sent_ = 0;
  std::size_t drained_ = 0;
  std::size_t requests_ = 0;
  bool close_after_ = false;
  bool continue_sent_ = false;
  bool ended_ = false;  // the client has closed its side; its last request may still be answered
};

}  // namespace backstock::http
