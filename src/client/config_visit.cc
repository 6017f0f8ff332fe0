#include "client/config_visit.h"

#include <fmt/format.h>

#include <algorithm>

#include "client/ask.h"
#include "wsman/enumeration.h"
#include "wsman/shell.h"

namespace mullion::client {
namespace {

using Kind = ConfigChange::Kind;

constexpr std::string_view reading = "read the configuration";
constexpr std::string_view changing = "change the configuration";
constexpr std::uint32_t items_at_a_time = 500;
constexpr std::size_t most_items = 20'000;  // Of one resource: a hostile host has no end.
constexpr std::size_t most_empty_batches = 16;

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
    net::Task<Reply<wsman::Message>> ask_to_read(Write write) {
        for (int tries = 0;; ++tries) {
            auto id = host_.new_message_id();
            auto body = write(id);
            auto asked = question(reading, std::move(id), std::move(body), channel::Repeat::allowed);
            auto reply = co_await ask(host_, Lane::main, std::move(asked), stop_);
            const auto* failure = std::get_if<Failure>(&reply);
            if (failure == nullptr || !failure->stale || failure->fault || tries > 0) co_return reply;
        }
    }

    net::Task<void> get(const wsman::ConfigResource& resource) {
        const wsman::ConfigTarget target{&resource, {}};
        const auto write = [&](const std::string& id) {
            return wsman::write_config_get(host_.settings, id, target);
        };
        auto reply = co_await ask_to_read(write);
        if (auto* failure = std::get_if<Failure>(&reply)) co_return fail(std::move(*failure));
        auto document =
            wsman::read_config_answer(std::get<wsman::Message>(reply), wsman::action::get, resource);
        if (!document.ok()) co_return misunderstood(reading, std::move(document).error());
        outcome_.read.documents.push_back(std::move(document).value());
    }

    // DSP0226 8: the first batch comes with the answer to Enumerate, the others are pulled.
    net::Task<void> enumerate(const wsman::ConfigResource& resource) {
        const auto uri = wsman::config_uri(resource);
        wsman::Enumerate first;
        first.max_elements = items_at_a_time;
        const auto begin = [&](const std::string& id) {
            return wsman::write_enumerate(host_.settings, id, uri, {}, first);
        };
        auto reply = co_await ask_to_read(begin);
        auto batch = read_answer(host_, reading, std::move(reply), &wsman::read_enumerate_response);
        std::string context;
        std::size_t empty = 0;  // Batches one after the other.
        for (std::size_t seen = 0;;) {
            if (auto* failure = std::get_if<Failure>(&batch)) co_return fail(std::move(*failure));
            auto& items = std::get<wsman::Batch>(batch);
            seen += items.items.size();
            for (const auto& item : items.items) {
                auto document = wsman::read_config_item(item, resource);
                if (!document.ok()) co_return misunderstood(reading, std::move(document).error());
                outcome_.read.documents.push_back(std::move(document).value());
            }
            // Who leaves the context out means the one that was asked with.
            if (!items.context.empty()) context = items.context;
            if (items.end || context.empty()) co_return;
            empty = items.items.empty() ? empty + 1 : 0;
            if (seen > most_items || empty > most_empty_batches)
                co_return misunderstood(reading,
                                        Error(ErrorId::wsman_malformed, "the enumeration has no end"));
            const wsman::Pull next{context, items_at_a_time};
            const auto pull = [&](const std::string& id) {
                return wsman::write_pull(host_.settings, id, uri, next);
            };
            auto pulled = co_await ask_to_read(pull);
            batch = read_answer(host_, reading, std::move(pulled), &wsman::read_pull_response);
        }
    }

    void make_plan() {
        if (!visit_.plan) return;
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
            if (!failure->lost()) co_return fail(std::move(*failure));
            failure->error.detail +=
                failure->error.detail.empty() ? "it may have been done" : "; it may have been done";
            fail(std::move(*failure));
            outcome_.status = Status::unknown;
            co_return;
        }
        auto understood = understand(change, std::get<wsman::Message>(reply));
        if (!understood.ok()) misunderstood(changing, std::move(understood).error());
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
