// What both exchanges with a KDC share: the library's buffers, and limits to what a KDC can make of it.
// Private to this room.
#pragma once

#include <fmt/core.h>

#include <optional>
#include <string>
#include <string_view>

#include "kerberos/acquisition.h"
#include "kerberos/context.h"
#include "kerberos/ticket_state.h"

namespace mullion::kerberos {

class StepGuard {
public:
    struct Made {
        krb5_error_code code = 0;
        std::optional<KdcRequest> request;
    };

    // Errors: kerberos.failed
    [[nodiscard]] Result<void> admit(const std::string& asking, std::string_view answer) {
        if (answer.size() > max_kdc_message)
            return Error(ErrorId::kerberos_failed,
                         fmt::format("{}: the KDC's answer has {} bytes", asking, answer.size()));
        // To the library it would mean to begin again.
        if (steps_ > 0 && answer.empty())
            return Error(ErrorId::kerberos_failed, asking + ": the KDC's answer is empty");
        if (++steps_ > most)
            return Error(ErrorId::kerberos_failed,
                         fmt::format("{}: the KDC wants more than {} questions", asking, most));
        return {};
    }

    // `step(in, out, realm, flags)` as the library has it.
    template <class Step>
    [[nodiscard]] Made run(const Context& context, std::string_view answer, Step step) {
        std::string copy(answer);  // The library's type has no const.
        krb5_data in{KV5M_DATA, static_cast<unsigned>(copy.size()), copy.data()};
        krb5_data out{}, realm{};
        unsigned flags = 0;
        Made made;
        made.code = step(&in, &out, &realm, &flags);
        const bool more = (flags & KRB5_INIT_CREDS_STEP_FLAG_CONTINUE) != 0;
        if (made.code == 0 && more) made.request = KdcRequest{text_of(realm), text_of(out)};
        context->krb5_free_data_contents(context.get(), &out);
        context->krb5_free_data_contents(context.get(), &realm);
        return made;
    }

private:
    static_assert(KRB5_INIT_CREDS_STEP_FLAG_CONTINUE == KRB5_TKT_CREDS_STEP_FLAG_CONTINUE);
    // The library follows 10 referrals, and answers 16 wishes for another kind of proof.
    static constexpr unsigned most = 40;
    unsigned steps_ = 0;
};

}  // namespace mullion::kerberos
