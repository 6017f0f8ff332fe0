#include "doctor/waiting.h"

namespace mullion::doctor {

template net::Task<void> carry_out(net::Task<Result<std::string>> task,
                                   std::function<void(Result<std::string>)> done);

}  // namespace mullion::doctor
