// What a TicketCache holds. Private to this room.
#pragma once

#include <memory>

#include "kerberos/context.h"
#include "kerberos/tickets.h"

namespace mullion::kerberos {

struct TicketCache::State {
    explicit State(Context made) : context(std::move(made)) {}
    ~State() {
        if (cache != nullptr) (void)context->krb5_cc_destroy(context.get(), cache);
    }
    State(const State&) = delete;
    State& operator=(const State&) = delete;

    Context context;
    krb5_ccache cache = nullptr;
    std::string name, client;
};

// Gives the state an empty cache of `client`, in memory. Errors: kerberos.failed
[[nodiscard]] Result<void> make_cache(TicketCache::State& state, krb5_const_principal client);
// All tickets of a cache that has a name, in memory. Errors: kerberos.library, kerberos.failed
[[nodiscard]] Result<std::unique_ptr<TicketCache::State>> copy_of(const std::string& cache,
                                                                  const Configuration& configuration);
// Errors: kerberos.failed
[[nodiscard]] Result<std::vector<TicketInfo>> tickets_in(const Context& context, krb5_ccache cache);

}  // namespace mullion::kerberos
