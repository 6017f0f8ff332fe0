// answers: what a command puts out, when, and how it ends.
#include <array>

#include "simulate/fleet_reader.h"

namespace mullion::simulate {
namespace {

using Entry = yaml::Node::Entry;
using service::OutputStream;

// An answer as its keys come, before their order is settled.
struct Draft {
    Answer answer;
    unsigned matches = 0;
    Match::Of of = Match::Of::both;
    Duration delay{};
    std::optional<std::string> out;
    std::optional<std::string> err;
    std::optional<std::uint64_t> repeat;
    std::optional<std::uint64_t> size;
    bool crlf = true;
};

// As programs on Windows end their lines.
std::string with_crlf(const std::string& text) {
    std::string out;
    out.reserve(text.size() + text.size() / 16);
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\n' && (i == 0 || text[i - 1] != '\r')) out += '\r';
        out += text[i];
    }
    return out;
}

template <Match::How how>
Result<void> match(FileReader&, Draft& into, const Entry& entry) {
    MULLION_ASSIGN(into.answer.command, read_match(how, entry));
    ++into.matches;
    return {};
}

template <auto member>
Result<void> text(FileReader&, Draft& into, const Entry& entry) {
    if (into.*member) return at_line(entry.line, "there is more than one text for that stream");
    MULLION_ASSIGN(into.*member, text_of(entry));
    return {};
}

template <auto member>
Result<void> file(FileReader& reader, Draft& into, const Entry& entry) {
    if (into.*member) return at_line(entry.line, "there is more than one text for that stream");
    MULLION_ASSIGN(const std::string path, text_of(entry));
    MULLION_ASSIGN(into.*member, reader.files(path));
    return {};
}

template <auto member>
Result<void> delay(FileReader&, Draft& into, const Entry& entry) {
    MULLION_ASSIGN(into.answer.*member, delay_of(entry));
    return {};
}

template <auto member>
Result<void> amount(FileReader&, Draft& into, const Entry& entry) {
    MULLION_ASSIGN(into.*member, size_of(entry));
    return {};
}

// ---- chunks: one after the other, on either stream ----

constexpr std::size_t most_chunks = 10'000;

template <OutputStream stream>
Result<void> chunk_text(FileReader&, Piece& into, const Entry& entry) {
    if (!into.text.empty()) return at_line(entry.line, "a chunk is for one stream");
    into.stream = stream;
    MULLION_ASSIGN(into.text, text_of(entry));
    return {};
}

constexpr std::array<Key<Piece>, 5> chunk_keys{{
    {"stdout", chunk_text<OutputStream::standard_output>},
    {"stderr", chunk_text<OutputStream::standard_error>},
    {"delay",
     [](FileReader&, Piece& into, const Entry& entry) -> Result<void> {
         MULLION_ASSIGN(into.delay, delay_of(entry));
         return {};
     }},
    {"repeat",
     [](FileReader&, Piece& into, const Entry& entry) -> Result<void> {
         MULLION_ASSIGN(into.repeat, size_of(entry));
         return {};
     }},
    {"size",
     [](FileReader&, Piece& into, const Entry& entry) -> Result<void> {
         MULLION_ASSIGN(into.size, size_of(entry));
         return {};
     }},
}};

Result<void> chunks(FileReader& reader, Draft& into, const Entry& entry) {
    MULLION_TRY(expect_list(entry));
    if (entry.value.list.size() > most_chunks)
        return at_line(entry.line, fmt::format("over {} chunks", most_chunks));
    for (const auto& node : entry.value.list) {
        Piece piece;
        MULLION_TRY(read_map(reader, piece, node, chunk_keys, "a chunk"));
        into.answer.pieces.push_back(std::move(piece));
    }
    return {};
}

// ---- stdin ----

struct Input {
    std::optional<Match> match;
};

template <Match::How how>
Result<void> input_match(FileReader&, Input& into, const Entry& entry) {
    if (into.match) return at_line(entry.line, "stdin is compared with one text");
    MULLION_ASSIGN(Match match, read_match(how, entry));
    into.match = std::move(match);
    return {};
}

constexpr std::array<Key<Input>, 4> input_keys{{
    {"text", input_match<Match::How::exact>},
    {"glob", input_match<Match::How::glob>},
    {"contains", input_match<Match::How::contains>},
    {"regex", input_match<Match::How::regex>},
}};

Result<void> standard_input(FileReader& reader, Draft& into, const Entry& entry) {
    if (entry.value.kind == yaml::Node::Kind::scalar) {
        if (entry.value.scalar != "echo")
            return at_line(entry.line, "stdin is echo, or a map with text, glob, contains or regex");
        into.answer.echo_input = true;
        return {};
    }
    Input input;
    MULLION_TRY(read_map(reader, input, entry.value, input_keys, "stdin"));
    into.answer.input = std::move(input.match);
    return {};
}

// ---- the answer ----

Result<void> read_as(FileReader&, Draft& into, const Entry& entry) {
    MULLION_ASSIGN(const std::string word, text_of(entry));
    if (word != "cmd" && word != "powershell") return at_line(entry.line, "as is cmd or powershell");
    into.of = word == "cmd" ? Match::Of::cmd : Match::Of::powershell;
    return {};
}

Result<void> read_done(FileReader&, Draft& into, const Entry& entry) {
    MULLION_ASSIGN(const std::string word, text_of(entry));
    if (word != "together" && word != "separately")
        return at_line(entry.line, "done is together or separately");
    into.answer.done = word == "together" ? Answer::Done::together : Answer::Done::separately;
    return {};
}

Result<void> read_newlines(FileReader&, Draft& into, const Entry& entry) {
    MULLION_ASSIGN(const std::string word, text_of(entry));
    if (word != "crlf" && word != "as_is") return at_line(entry.line, "newlines is crlf or as_is");
    into.crlf = word == "crlf";
    return {};
}

constexpr std::array match_keys{
    Key<Draft>{"command", match<Match::How::exact>},
    Key<Draft>{"glob", match<Match::How::glob>},
    Key<Draft>{"contains", match<Match::How::contains>},
    Key<Draft>{"regex", match<Match::How::regex>},
    Key<Draft>{"as", read_as},
    Key<Draft>{"stdin", standard_input},
};

constexpr std::array output_keys{
    Key<Draft>{"stdout", text<&Draft::out>},
    Key<Draft>{"stderr", text<&Draft::err>},
    Key<Draft>{"stdout_file", file<&Draft::out>},
    Key<Draft>{"stderr_file", file<&Draft::err>},
    Key<Draft>{"repeat", amount<&Draft::repeat>},
    Key<Draft>{"size", amount<&Draft::size>},
    Key<Draft>{"chunks", chunks},
    Key<Draft>{"chunk_size",
               [](FileReader&, Draft& into, const Entry& entry) -> Result<void> {
                   MULLION_ASSIGN(into.answer.chunk_size, size_of(entry));
                   return {};
               }},
    Key<Draft>{"chunk_delay", delay<&Answer::chunk_delay>},
    Key<Draft>{"delay",
               [](FileReader&, Draft& into, const Entry& entry) -> Result<void> {
                   MULLION_ASSIGN(into.delay, delay_of(entry));
                   return {};
               }},
    Key<Draft>{"exit_delay", delay<&Answer::exit_delay>},
    Key<Draft>{"exit_code",
               [](FileReader&, Draft& into, const Entry& entry) -> Result<void> {
                   MULLION_ASSIGN(into.answer.exit_code, code_of(entry));
                   return {};
               }},
    Key<Draft>{"done", read_done},
    Key<Draft>{"newlines", read_newlines},
    Key<Draft>{"templates",
               [](FileReader&, Draft& into, const Entry& entry) -> Result<void> {
                   MULLION_ASSIGN(into.answer.templates, truth_of(entry));
                   return {};
               }},
};

template <std::size_t A, std::size_t B>
constexpr auto joined(const std::array<Key<Draft>, A>& a, const std::array<Key<Draft>, B>& b) {
    std::array<Key<Draft>, A + B> all{};
    for (std::size_t i = 0; i < A; ++i) all[i] = a[i];
    for (std::size_t i = 0; i < B; ++i) all[A + i] = b[i];
    return all;
}
constexpr auto answer_keys = joined(match_keys, output_keys);

// stdout and stderr are pieces as chunks are, in that order, and before those.
Result<std::shared_ptr<const Answer>> settled(Draft draft, unsigned line) {
    Answer& answer = draft.answer;
    if ((draft.repeat || draft.size) && !draft.out)
        return at_line(line, "repeat and size are for a stdout of the answer itself");
    answer.command.only(draft.of);
    std::vector<Piece> first;
    if (draft.out && !draft.out->empty())
        first.push_back(
            {OutputStream::standard_output, {}, *draft.out, draft.repeat.value_or(1), draft.size});
    if (draft.err && !draft.err->empty())
        first.push_back({OutputStream::standard_error, {}, *draft.err, 1, {}});
    answer.pieces.insert(answer.pieces.begin(), first.begin(), first.end());
    if (draft.crlf)
        for (auto& piece : answer.pieces) piece.text = with_crlf(piece.text);
    if (answer.pieces.empty()) answer.pieces.push_back({});  // Nothing, after the delay.
    answer.pieces.front().delay = std::max(answer.pieces.front().delay, draft.delay);
    return std::make_shared<const Answer>(std::move(answer));
}

}  // namespace

void list_answer_keys(FleetKeys& into) {
    into["answer"] = names_of_keys(answer_keys);
    into["otherwise"] = names_of_keys(output_keys);
    into["chunk"] = names_of_keys(chunk_keys);
    into["stdin"] = names_of_keys(input_keys);
}

Result<Match> read_match(Match::How how, const Entry& entry) {
    MULLION_ASSIGN(std::string text, text_of(entry));
    if (how != Match::How::regex) return Match(how, std::move(text));
    auto regex = Regex::make(text);
    if (!regex.ok()) return at_line(entry.line, fmt::format("{}: {}", entry.key, regex.error().detail));
    return Match(std::move(*regex));
}

Result<std::shared_ptr<const Answer>> read_answer(FileReader& reader, const yaml::Node& node) {
    Draft draft;
    MULLION_TRY(read_map(reader, draft, node, answer_keys, "an answer"));
    if (draft.matches != 1)
        return at_line(node.line, "an answer needs one of command, glob, contains and regex");
    return settled(std::move(draft), node.line);
}

Result<std::shared_ptr<const Answer>> read_plain_answer(FileReader& reader, const yaml::Node& node) {
    Draft draft;
    MULLION_TRY(read_map(reader, draft, node, output_keys, "otherwise"));
    return settled(std::move(draft), node.line);
}

}  // namespace mullion::simulate
