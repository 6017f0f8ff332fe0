#include "cimhost/host.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <exception>
#include <optional>
#include <string>
#include <variant>

#include "cimhost/block_writer.h"
#include "cimhost/failure.h"
#include "cimhost/questions.h"
#include "wsman/fault.h"

namespace mullion::cimhost {
namespace {

// Of an Ask, all told.
constexpr std::size_t input_limit = cim::ask_limit + cim::answer_id_limit + 64;

Or<std::string> read_to_end(int descriptor) {
    std::string bytes;
    char piece[64 * 1024];
    while (true) {
        const auto size = ::read(descriptor, piece, sizeof piece);
        if (size == 0) return bytes;
        if (size < 0 && errno == EINTR) continue;
        if (size < 0)
            return refuse(wsman::code::internal_error,
                          std::string("the question cannot be read: ") + std::strerror(errno));
        if (bytes.size() + static_cast<std::size_t>(size) > input_limit)
            return refuse(wsman::code::internal_error, "the question is too long");
        bytes.append(piece, static_cast<std::size_t>(size));
    }
}

cim::Failure broken_inside(std::string_view what) {
    return refuse(wsman::code::internal_error,
                  "the process that answers about CIM failed: " + std::string(what));
}

// What went wrong before there was a question.
std::optional<cim::Failure> try_answer(int in, const cim::Registry& registry, const cim::Machine& machine,
                                       Frames& frames) {
    auto bytes = read_to_end(in);
    if (auto* failure = std::get_if<cim::Failure>(&bytes)) return std::move(*failure);
    const auto ask = cim::decode_ask(std::get<std::string>(bytes));
    if (!ask) return refuse(wsman::code::internal_error, "the question is none: its frame is cut or broken");
    const auto message =
        wsman::read_message(std::string_view(ask->envelope), wsman::wire_limits(cim::ask_limit));
    if (!message) return failure_of(message.error());
    answer({registry, machine, ask->answer_id, ask->most_item}, *message, frames);
    return std::nullopt;
}

}  // namespace

int serve(int in, int out, const cim::Registry& registry, const cim::Machine& machine) {
    BlockWriter frames(out);
    try {
        if (const auto failure = try_answer(in, registry, machine, frames)) frames.last(*failure);
    } catch (const std::exception& bug) {
        frames.last(broken_inside(bug.what()));
    }
    return frames.ended() || frames.broken() ? 0 : 1;
}

}  // namespace mullion::cimhost
