#include "service/cim/host_backend.h"

#include <fmt/core.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "core/printable.h"
#include "encoding/utf16.h"

namespace mullion::service {
namespace {

constexpr std::size_t longest_about = 256;

class HostAnswer final : public CimAnswer {
public:
    explicit HostAnswer(std::shared_ptr<HostProcess> host) : host_(std::move(host)) {}
    ~HostAnswer() override { host_->stop(); }

    net::Task<Outcome<cim::FromHost>> next() override { return host_->next(); }
    void stop() override { host_->stop(); }

private:
    std::shared_ptr<HostProcess> host_;
};

HostProcess::Whose whose(const CimQuestion& question) {
    auto text = fmt::format("{} from {} ({})", question.user,
                            question.address.empty() ? std::string("this machine") : question.address,
                            encoding::shortened(one_line(question.about), longest_about));
    return {std::move(text), question.address};
}

// As those of shells: a quota, with the number in the text.
wsman::Fault too_many(std::uint32_t code, std::string_view whose_limit, std::size_t most) {
    return wsman::make_fault(
        code, fmt::format("{} {} processes answer about CIM {}. Pull or release what is enumerated. ",
                          wsman::code_text(code), most, whose_limit));
}

}  // namespace

HostBackend::HostBackend(Parts parts)
    : parts_(std::move(parts)), places_(std::make_shared<HostPlaces>(parts_.executor, parts_.limits)) {}

std::optional<wsman::Fault> HostBackend::refused(const CimQuestion& question) const {
    if (places_->closed()) return wsman::make_fault(wsman::code::aborted);
    if (parts_.program.empty())
        return wsman::make_fault(
            wsman::code::internal_error,
            "CIM is not answered here: mullion-cim-host is missing on this machine. Install "
            "it beside mullion-monitor and restart the service. ");
    if (question.envelope.size() > cim::ask_limit)
        return wsman::make_fault(wsman::code::service_envelope_limit,
                                 fmt::format("A request about CIM may have {} bytes. ", cim::ask_limit));
    const auto& limits = places_->limits();
    if (places_->of(question.user) >= limits.of_one)
        return too_many(wsman::code::quota_user, "for this user", limits.of_one);
    if (places_->all() >= limits.all) return too_many(wsman::code::quota_system, "here", limits.all);
    return std::nullopt;
}

CommandStart HostBackend::describe_start(const CimQuestion& question) const {
    CommandStart start;
    start.unix_user = question.unix_user;
    start.user = question.user;
    start.shell_id = new_guid(parts_.random);  // A control group of its own.
    start.command_id = start.shell_id;
    start.argv = {parts_.program};
    start.working_directory = "/";  // A home may hang, and is not needed.
    start.address = question.address;
    start.memory_mb = question.memory_mb;
    start.memory_is_of = "an answer about CIM";
    return start;
}

wsman::Fault HostBackend::start_fault(const HostProcess::Whose& whose, const StartFailure& failure) const {
    const auto why = fmt::format("{}: {}", failure.step, std::strerror(failure.error));
    parts_.log.error(whose.address,
                     fmt::format("CIM: {} could not be started for {}: {}", parts_.program, whose.text, why));
    switch (failure.error) {
        case EAGAIN:
        case ENOMEM:
        case EMFILE:
        case ENFILE:
        case ETIMEDOUT:  // Not his doing: there is no room, or everything takes too long.
            return wsman::make_fault(
                wsman::code::quota_system,
                fmt::format("{} The process that answers about CIM could not be started: {}. ",
                            wsman::code_text(wsman::code::quota_system), why));
        case EACCES:
        case EPERM:
            return wsman::make_fault(
                wsman::code::access_denied,
                fmt::format("Access is denied. (The process that answers about CIM could not be started: {}. "
                            "The service's log says more.)",
                            why));
        default:
            return wsman::make_fault(
                wsman::code::internal_error,
                fmt::format("The process that answers about CIM could not be started: {}. ", why));
    }
}

net::Task<Outcome<std::unique_ptr<CimAnswer>>> HostBackend::ask(CimQuestion question) {
    const auto of_whom = whose(question);
    const auto refuse = [&](wsman::Fault fault) {
        parts_.log.warn(of_whom.address, fmt::format("CIM: {} is refused: {}", of_whom.text, fault.message));
        return fault;
    };
    if (auto fault = refused(question)) co_return refuse(std::move(*fault));
    HostPlaces::Place place(places_, question.user);
    if (const auto room = place.weigh(question.envelope.size()); room != Room::enough)
        co_return refuse(no_memory(room));
    auto starting = parts_.commands.start(describe_start(question));
    auto started = co_await std::move(starting);
    if (const auto* failure = std::get_if<StartFailure>(&started)) co_return start_fault(of_whom, *failure);
    // Starting may take long (PAM), and the question may be a method: nobody is told that time ran out, and
    // has it carried out all the same.
    if (places_->closed() || question.waiting.gone()) co_return wsman::make_fault(wsman::code::aborted);
    if (std::chrono::steady_clock::now() >= question.waiting.until)
        co_return wsman::make_fault(wsman::code::operation_timed_out);
    const auto host = std::make_shared<HostProcess>(
        parts_.executor, parts_.log, of_whom, std::move(std::get<std::unique_ptr<RunningProcess>>(started)),
        std::move(place), question.most);
    if (question.begins) question.begins();
    const auto most = static_cast<std::uint32_t>(std::min(question.most, cim::item_limit));
    host->begin(cim::encode(cim::Ask{std::move(question.answer_id), std::move(question.envelope), most}));
    std::unique_ptr<CimAnswer> answer = std::make_unique<HostAnswer>(host);
    co_return Outcome<std::unique_ptr<CimAnswer>>(std::move(answer));
}

}  // namespace mullion::service
