// The two shapes of answers of /api/v1: an object, or a problem.
#pragma once

#include "base/json.h"
#include "http/message.h"

namespace backstock::http {

// Never cached.
Response json_answer(const Json& object, int status = 200);

// An Error as a problem: its context is the `what`, its message the `why`, its hint the `next`; its kind the status.
// This is the one place where kinds become status numbers.
Response problem_of(const Error& error);

}  // namespace backstock::http
