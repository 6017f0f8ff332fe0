// Questions about CIM, answered from a host's tables in the place of a process of the caller's.
#pragma once

#include "service/cim/cim_backend.h"
#include "simulate/fleet.h"

namespace mullion::simulate {

// All of an answer is made when it is asked for: rows take microseconds, and nobody has to be waited for.
inline constexpr std::size_t most_answer_bytes = std::size_t{64} << 20;

class CimAnswers final : public service::CimBackend {
public:
    explicit CimAnswers(const HostSpec& host) : host_(host) {}
    [[nodiscard]] net::Task<service::Outcome<std::unique_ptr<service::CimAnswer>>> ask(
        service::CimQuestion question) override;

private:
    const HostSpec& host_;
};

}  // namespace mullion::simulate
