#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "cimhost/options.h"
#include "cimhost/parts.h"
#include "cimhost/printer.h"
#include "cimhost/query.h"
#include "cimhost/row.h"
#include "wsman/fault.h"

namespace mullion::cimhost {
namespace {

namespace wire = wsman::cim;

// From a provider's instances to items of the answer: nothing is kept.
class Items final : public cim::Sink {
public:
    Items(const Plan& plan, const cim::Shape& own, const cim::Shape& asked, std::size_t most, Frames& frames)
        : plan_(plan), printer_(own, plan.as_asked ? asked : own, plan.form), most_(most), frames_(frames) {
        if (plan.columns) printer_.only(*plan.columns);
        if (plan.precise_arrays) printer_.precise_arrays();
    }

    [[nodiscard]] bool put(cim::Instance&& instance) override {
        if (!is_meant(instance)) return go_on(frames_.go_on());
        const auto item = print(instance);
        if (item.size() > most_) {
            too_large_ = true;
            return go_on(frames_.go_on());
        }
        return go_on(frames_.item(item));
    }
    [[nodiscard]] bool stopped() const { return stopped_; }
    [[nodiscard]] bool too_large() const { return too_large_; }

private:
    [[nodiscard]] bool is_meant(const cim::Instance& instance) const {
        return !plan_.where || wql::evaluate(*plan_.where, InstanceRow(instance)) == wql::Truth::yes;
    }
    // DSP0226 8.7
    [[nodiscard]] std::string print(const cim::Instance& instance) const {
        switch (plan_.mode) {
            case wire::Mode::reference:
                return wire::reference_item(printer_.reference(instance));
            case wire::Mode::object_and_reference:
                return wire::object_and_reference_item(printer_.object(instance),
                                                       printer_.reference(instance));
            case wire::Mode::object:
                break;
        }
        return printer_.object(instance);
    }
    [[nodiscard]] bool go_on(bool yes) {
        stopped_ = stopped_ || !yes;
        return yes;
    }

    const Plan& plan_;
    Printer printer_;
    const std::size_t most_;  // Bytes of an item.
    Frames& frames_;
    bool stopped_ = false, too_large_ = false;
};

// Where more is asked for than this class, what cannot be listed is no part of the list.
bool may_be_left_out(const Plan& plan, const cim::Provider& provider, const cim::Fault& fault) {
    return fault.kind == cim::Fault::Kind::needs_key && &provider.definition() != plan.asked;
}

// What kept instances back, of one class or of several; told when all others have gone out. The codes are
// those of the first.
class Missing {
public:
    void add(cim::Failure failure) {
        if (failure_)
            failure_->message.append("; ").append(failure.message);
        else
            failure_ = std::move(failure);
    }
    [[nodiscard]] cim::FromHost last_frame() && {
        if (failure_) return *std::move(failure_);
        return cim::End{};
    }

private:
    std::optional<cim::Failure> failure_;
};

cim::Failure too_large(const cim::ClassDef& definition, std::size_t most) {
    return refuse(wsman::code::response_too_large,
                  fmt::format("{}: one instance alone has more than {} bytes (MaxEnvelopeSize)",
                              definition.name, most));
}

// A class that cannot be read keeps back neither the instances of others nor its fault (docs/cim.md).
cim::FromHost run(const World& world, const Plan& plan, Frames& frames) {
    if (plan.asked == nullptr) return cim::End{};
    const cim::Shape asked(*plan.asked);
    Missing missing;
    const auto most = std::min(world.most_item, cim::item_limit);
    for (const auto* provider : plan.providers) {
        Items items(plan, provider->shape(), asked, most, frames);
        const auto fault = provider->enumerate(world.machine, plan.question, items);
        if (items.too_large()) missing.add(too_large(provider->definition(), most));
        if (fault && !may_be_left_out(plan, *provider, *fault))
            missing.add(failure_of(*fault, provider->definition()));
        if (items.stopped()) break;
    }
    return std::move(missing).last_frame();
}

}  // namespace

cim::FromHost enumerate(const World& world, const wsman::Message& message, Frames& frames) {
    auto asked = read_or_refuse(wire::read_enumeration(message));
    if (auto* failure = std::get_if<cim::Failure>(&asked)) return std::move(*failure);
    auto planned = plan(world, std::get<wire::Enumeration>(asked));
    if (auto* failure = std::get_if<cim::Failure>(&planned)) return std::move(*failure);
    auto& plan = std::get<Plan>(planned);
    if (auto failure = read_option(message.header, precise_arrays_option, plan.precise_arrays))
        return std::move(*failure);
    return run(world, plan, frames);
}

}  // namespace mullion::cimhost
