// Enumerations that are open between Enumerate and the last Pull. Bound to the account that began them, and
// to the resource that it was let in to: rights are asked of the resource that a Pull names. DSP0226 8,
// [MS-WSMV] 3.1.4.8
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/clock.h"
#include "core/ids.h"
#include "rights/sid.h"
#include "service/requests/item_source.h"
#include "service/requests/outcome.h"

namespace mullion::service {

class Enumerations {
public:
    Enumerations(Random& random, const Clock& clock) : random_(random), clock_(clock) {}

    using Source = std::shared_ptr<ItemSource>;
    struct Owner {
        std::string user;
        rights::Sid account;  // Names are used again.
        std::string unix_user;
        std::string resource;  // As URIs are: in either case.
    };
    // The context to pull with. `life`: after that it is no more, however much is pulled.
    [[nodiscard]] std::string add(Owner owner, Source source, Duration idle_limit,
                                  std::optional<Duration> life = {});
    // For one Pull, which ends with give_back(). Faults: invalid_enumeration_context, concurrency (another
    // Pull of it is being answered)
    [[nodiscard]] Outcome<Source> lend(const Owner& owner, const std::string& context);
    // `over`: it is no more. One that was released meanwhile is none either.
    void give_back(const std::string& context, bool over);
    // Faults: invalid_enumeration_context
    [[nodiscard]] Outcome<Source> remove(const Owner& owner, const std::string& context);

    [[nodiscard]] std::uint64_t count(std::string_view user) const;
    [[nodiscard]] std::size_t bytes(std::string_view user) const;  // Of items that wait to be pulled.
    // Forgets those that nobody pulled from for their time, and those whose life is over.
    void sweep();
    // Those of accounts that are no more.
    void end_of_deleted(const std::function<bool(const rights::Sid& account)>& deleted);

private:
    struct Open {
        Owner owner;
        Source source;
        Duration idle_limit{};
        MonotonicTime last_used{};
        MonotonicTime end = MonotonicTime::max();
        bool lent = false;
    };
    using All = std::map<std::string, Open>;
    [[nodiscard]] All::iterator find(const Owner& owner, const std::string& context);

    Random& random_;
    const Clock& clock_;
    All open_;  // By context.
};

}  // namespace mullion::service
