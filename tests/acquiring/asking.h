// A KDC asked in the plainest way: one blocking connection for each question.
#pragma once

#include <functional>
#include <string>

#include "kerberos/acquisition.h"

namespace mullion {

using Ask = std::function<std::string(const kerberos::KdcRequest&)>;

// By the krb5.conf that KRB5_CONFIG names; an empty answer when there is none.
[[nodiscard]] std::string ask_kdc(const kerberos::KdcRequest& request);

// Steps until it is done. `ask` stands between it and the KDC.
[[nodiscard]] Result<kerberos::TicketCache> acquire(kerberos::Acquisition& acquisition,
                                                    const Ask& ask = ask_kdc);

}  // namespace mullion
