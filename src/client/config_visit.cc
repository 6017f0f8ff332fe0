#include "client/config_visit.h"

#include <fmt/format.h>

#include <algorithm>

#include "client/ask.h"
#include "client/enumeration_walk.h"
#include "client/in_doubt.h"
#include "wsman/enumeration.h"
#include "wsman/shell.h"

namespace mullion::client {
namespace {

using Kind = ConfigChange::Kind;

constexpr std::string_view reading = "read the configuration";
constexpr std::string_view changing = "change the configuration";
constexpr std::uint32_t items_at_a_time = 500;
constexpr EnumerationLimits limits{.items = 20'000, .empty_batches = 16};  // Of one resource.

class Visitor {
public:
    Visitor(Host& host, const ConfigVisit& visit, ConfigWay way, Alarm& stop)
        : host_(host),
          visit_(visit),
          patience_(way.patience),
          stop_(stop),
          started_(host.time.now()),
          deadline_(visit.timeout ? later(started_, *visit.timeout) : never) {
        outcome_.read.https = way.https;
        outcome_.read.port = way.port;
        outcome_.read.route = std::move(way.route);
    }

    net::Task<ConfigOutcome> go() {
        for (const auto* resource : visit_.resources) {
            if (resource->keys.empty())
                co_await get(*resource);
            else
                co_await enumerate(*resource);
            if (outcome_.error) break;
        }
        if (!outcome_.error) make_plan();
        if (!outcome_.error && !visit_.check_only) co_await change_all();
        if (!outcome_.error) outcome_.status = Status::ok;
        outcome_.duration = std::chrono::duration_cast<Duration>(host_.time.now() - started_);
        co_return std::move(outcome_);
    }

private:
    Question question(std::string_view step, std::string id, std::string body, channel::Repeat repeat) {
        return {step, std::move(id), std::move(body), std::min(deadline_, later(host_.time.now(), patience_)),
                repeat};
    }

    // A question that changes nothing. A connection that idled since the last visit may have been closed.
    template <class Write>
    net::Task<Reply<wsman::Message>> ask_to_read(Write write, channel::Repeat repeat) {
        for (int tries = 0;; ++tries) {
            auto id = host_.new_message_id();
            auto body = write(id);
            auto asked = question(reading, std::move(id), std::move(body), repeat);
            auto reply = co_await ask(host_, Lane::main, std::move(asked), stop_);
            const auto* failure = std::get_if<Failure>(&reply);
            if (failure == nullptr || !failure->stale || failure->fault || tries > 0) co_return reply;
            if (repeat == channel::Repeat::never && failure->sent) co_return reply;
        }
    }

    net::Task<void> get(const wsman::ConfigResource& resource) {
        const wsman::ConfigTarget target{&resource, {}};
        const auto write = [&](const std::string& id) {
            return wsman::write_config_get(host_.settings, id, target);
        };
        auto reply = co_await ask_to_read(write, channel::Repeat::allowed);
        if (auto* failure = std::get_if<Failure>(&reply)) co_return fail(std::move(*failure));
        auto document =
            wsman::read_config_answer(std::get<wsman::Message>(reply), wsman::action::get, resource);
        if (!document.ok()) co_return misunderstood(reading, std::move(document).error());
        outcome_.read.documents.push_back(std::move(document).value());
    }

    // DSP0226 8: the first batch comes with the answer to Enumerate, the others are pulled.
    net::Task<void> enumerate(const wsman::ConfigResource& resource) {
        const auto uri = wsman::config_uri(resource);
        EnumerationWalk walk(limits);
        while (!walk.ended()) {
            const auto write = [&](const std::string& id) { return next_message(walk, id, uri); };
            // A batch that was pulled and lost is not given again: what is left would not be all of it.
            const auto repeat = walk.begun() ? channel::Repeat::never : channel::Repeat::allowed;
            auto reply = co_await ask_to_read(write, repeat);
            if (auto* failure = std::get_if<Failure>(&reply)) co_return fail(std::move(*failure));
            auto items = walk.take(std::get<wsman::Message>(reply));
            if (!items.ok()) co_return misunderstood(reading, std::move(items).error());
            for (const auto& item : *items) {
                auto document = wsman::read_config_item(item, resource);
                if (!document.ok()) co_return misunderstood(reading, std::move(document).error());
                outcome_.read.documents.push_back(std::move(document).value());
            }
        }
    }

    std::string next_message(const EnumerationWalk& walk, const std::string& id,
                             const std::string& uri) const {
        if (walk.begun())
            return wsman::write_pull(host_.settings, id, uri, wsman::Pull{walk.context(), items_at_a_time});
        wsman::Enumerate first;
        first.max_elements = items_at_a_time;
        return wsman::write_enumerate(host_.settings, id, uri, {}, first);
    }

    void learn_route() {
        if (!host_.has(Lane::main)) return;
        auto& route = outcome_.read.route;
        const auto link = host_.link(Lane::main);
        route.transport = link->transport();
        route.sealed = outcome_.read.https || link->sealed();
        route.address = link->peer();
    }

    void make_plan() {
        if (!visit_.plan) return;
        learn_route();
        auto plan = visit_.plan(outcome_.read);
        if (plan.ok()) {
            outcome_.plan = std::move(plan).value();
            return;
        }
        outcome_.error = std::move(plan).error().on_host(host_.name);
        outcome_.status = outcome_.error->info().status;
    }

    net::Task<void> change_all() {
        for (const auto& change : outcome_.plan.changes) {
            co_await carry_out(change);
            if (outcome_.error) co_return;
            ++outcome_.done;
        }
    }

    // Sent once: nobody else but the host knows whether it was done.
    net::Task<void> carry_out(const ConfigChange& change) {
        auto id = host_.new_message_id();
        auto body = message_of(change, id);
        auto asked = question(changing, std::move(id), std::move(body), channel::Repeat::never);
        auto reply = co_await ask(host_, Lane::main, std::move(asked), stop_);
        if (auto* failure = std::get_if<Failure>(&reply)) {
            // A host that ran out of time may still be at it.
            const bool done_for_all_we_know = failure->lost() || failure->error.id == ErrorId::wsman_timeout;
            fail(std::move(*failure));
            if (done_for_all_we_know) leave_in_doubt();
            co_return;
        }
        auto understood = understand(change, std::get<wsman::Message>(reply));
        if (understood.ok()) co_return;
        misunderstood(changing, std::move(understood).error());
        leave_in_doubt();
    }

    void leave_in_doubt() {
        outcome_.error = in_doubt(std::move(*outcome_.error));
        outcome_.status = Status::unknown;
    }

    std::string message_of(const ConfigChange& change, std::string_view id) const {
        switch (change.kind) {
            case Kind::put:
                return wsman::write_config_put(host_.settings, id, change.target, change.document);
            case Kind::create:
                return wsman::write_config_create(host_.settings, id, change.target, change.document);
            case Kind::remove:
                break;
        }
        return wsman::write_config_delete(host_.settings, id, change.target);
    }

    // What a host answers that takes a value and keeps another one is worth a word.
    Result<void> understand(const ConfigChange& change, const wsman::Message& answer) {
        if (change.kind == Kind::remove) return wsman::read_empty_response(answer, wsman::action::remove);
        if (change.kind == Kind::create) {
            MULLION_TRY(wsman::read_config_created(answer));
            return {};
        }
        MULLION_ASSIGN(const auto now,
                       wsman::read_config_answer(answer, wsman::action::put, *change.target.resource));
        for (const auto& wanted : change.document.values) {
            const auto* kept = now.find(wanted.path);
            if (kept == nullptr || kept->text == wanted.text) continue;
            const auto* row = wsman::find_config_row(*change.target.resource, wanted.path);
            if (row != nullptr && row->access == wsman::ConfigAccess::secret) continue;
            outcome_.plan.warnings.push_back(
                fmt::format("{}: the host took {} and answers {}", wanted.path, wanted.text, kept->text));
        }
        return {};
    }

    void fail(Failure failure) {
        auto error = std::move(failure.error);
        // Selectors are those of a listener or mapping here.
        if (error.id == ErrorId::wsman_shell_gone) error.id = ErrorId::wsman_fault;
        const bool overdue = error.id != ErrorId::run_interrupted && host_.time.now() >= deadline_;
        if (overdue) error.id = ErrorId::run_timeout;
        outcome_.status = error.info().status;
        // Of what changes nothing there is nothing that could be in doubt.
        const bool interrupted = error.id == ErrorId::run_interrupted;
        if (outcome_.status == Status::unknown && error.step == reading)
            outcome_.status = interrupted ? Status::not_started : Status::unreachable;
        outcome_.error = std::move(error);
    }

    void misunderstood(std::string_view step, Error error) {
        fail(Failure{told(host_, step, std::move(error)), true, false, std::nullopt});
    }

    Host& host_;
    const ConfigVisit& visit_;
    const Duration patience_;
    Alarm& stop_;
    const MonotonicTime started_;
    const MonotonicTime deadline_;
    ConfigOutcome outcome_;
};

}  // namespace

net::Task<ConfigOutcome> visit_config(Host& host, const ConfigVisit& visit, ConfigWay way, Alarm& stop) {
    Visitor visitor(host, visit, way, stop);
    auto outcome = co_await visitor.go();
    co_return outcome;
}

}  // namespace mullion::client
