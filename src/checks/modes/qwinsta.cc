#include "checks/modes/qwinsta.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/utf8.h"
#include "xml/document.h"

namespace mullion::checks {
namespace {

constexpr std::size_t most_sessions = 10'000;

struct Language {
    std::string_view name;
    QwinstaWords words;
};

const std::vector<Language>& languages() {
    static const std::vector<Language> all = {
        {"en",
         {"Total sessions created", "Total sessions disconnected", "Total sessions reconnected", "Active",
          "Disc", "SESSIONNAME", "STATE"}},
        {"fr",
         {"Nombre total de sessions c.*?s", "Nombre total de sessions d.*?connect.*?es",
          "Nombre total de sessions reconnect.*?es", "Actif", "D.*?co", "SESSION", "^.*?TAT"}},
        {"it",
         {"Totale sessioni create", "Totale sessioni disconnesse", "Totale sessioni riconnesse", "Attivo",
          "Disc", "NOMESESSIONE", "STATO"}},
        {"de",
         {"Erstellte Sitzungen gesamt", "Getrennte Sitzungen gesamt", "Erneut verbundene Sitzungen gesamt",
          "Aktiv", "Getr\\.", "SITZUNGSNAME", "STATUS"}},
    };
    return all;
}

// A line by characters, since its columns are counted so. What is no UTF-8 counts byte by byte.
class Line {
public:
    explicit Line(std::string_view text) : text_(text) {
        for (std::size_t at = 0; at < text.size(); at += decode_utf8(text.substr(at)).length)
            starts_.push_back(at);
        starts_.push_back(text.size());
    }
    [[nodiscard]] std::size_t size() const { return starts_.size() - 1; }
    [[nodiscard]] bool blank(std::size_t at) const {
        const char c = text_[starts_[at]];
        return c == ' ' || (c >= '\t' && c <= '\r');
    }
    [[nodiscard]] std::string slice(std::size_t begin, std::size_t end) const {
        return std::string(text_.substr(starts_[begin], starts_[end] - starts_[begin]));
    }

private:
    std::string_view text_;
    std::vector<std::size_t> starts_;
};

struct Column {
    std::size_t begin = 0;          // Of the blanks in front of its word.
    std::size_t word = 0, end = 0;  // Of the word.
    std::string label;
};

std::vector<Column> columns_of(const Line& header) {
    std::vector<Column> columns;
    std::size_t at = 0;
    while (at < header.size() && !header.blank(at)) ++at;
    while (at < header.size()) {
        Column column;
        column.begin = at;
        while (at < header.size() && header.blank(at)) ++at;
        column.word = at;
        while (at < header.size() && !header.blank(at)) ++at;
        column.end = at;
        if (column.end == column.word) break;
        column.label = header.slice(column.word, column.end);
        columns.push_back(std::move(column));
    }
    return columns;
}

// The first word between `column` and the next one's word that begins or ends below the column's own.
std::string value_of(const Line& line, const Column& column, std::size_t end) {
    end = std::min(end, line.size());
    for (auto at = column.begin; at < end;) {
        while (at < end && line.blank(at)) ++at;
        const auto first = at;
        while (at < end && !line.blank(at)) ++at;
        if (first == at) break;
        const bool begins = first >= column.word && first <= column.end;
        const bool ends = at >= column.word && at <= column.end;
        if (begins || ends) return line.slice(first, at);
    }
    return "-";
}

QwinstaSession session_of(std::string text, const std::vector<Column>& columns) {
    if (text.starts_with('>')) text.front() = ' ';  // The session that asks.
    const Line line(text);
    QwinstaSession session;
    for (std::size_t at = 0; at < columns.size(); ++at) {
        const auto end = at + 1 < columns.size() ? columns[at + 1].word : line.size();
        session.insert_or_assign(columns[at].label, value_of(line, columns[at], end));
    }
    return session;
}

std::vector<std::string> lines_of(std::string_view text) {
    std::vector<std::string> lines;
    while (!text.empty() && lines.size() <= most_sessions) {
        const auto end = std::min(text.find('\n'), text.size());
        lines.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

std::vector<QwinstaSession> table_of(std::string_view text) {
    const auto lines = lines_of(text);
    std::vector<QwinstaSession> sessions;
    if (lines.empty()) return sessions;
    const auto columns = columns_of(Line(lines.front()));
    for (std::size_t at = 1; at < lines.size(); ++at) sessions.push_back(session_of(lines[at], columns));
    return sessions;
}

Result<Regex> compiled(const std::string& pattern) {
    return Regex::compile(pattern, "config", "si");
}

// The first number behind a title. The expression takes all of the text, so that the number is all that
// stays.
Result<Regex> counting(const std::string& title) {
    return compiled("^.*?" + title + ".*?(\\d+).*$");
}

Result<std::optional<std::string>> captured(const Regex& regex, std::string_view text) {
    MULLION_ASSIGN(const bool found, regex.matches(text));
    if (!found) return std::optional<std::string>();
    MULLION_ASSIGN(auto kept, regex.replace(text, "$1"));
    return std::optional(std::move(kept));
}

}  // namespace

std::optional<QwinstaWords> qwinsta_words(std::string_view language) {
    for (const auto& one : languages()) {
        if (one.name == language) return one.words;
    }
    return {};
}

Result<QwinstaWords> read_qwinsta_words(std::string_view xml, std::string_view language) {
    const auto document = xml::Document::parse(xml);
    if (!document.ok())
        return Error(ErrorId::usage_invalid, "Cannot decode xml response: " + document.error().detail);
    for (const auto& one : document->root().children("", "qwinsta")) {
        if (one.attribute("", "language") != language) continue;
        const auto word = [&](std::string_view name) { return one.first("", name).trimmed(); };
        QwinstaWords words{word("created"),     word("disconnected"),      word("reconnected"),
                           word("activestate"), word("disconnectedstate"), word("header_sessionname"),
                           word("header_state")};
        if (words.created.empty() || words.state_column.empty() || words.active.empty())
            return Error(ErrorId::usage_invalid,
                         fmt::format("Language '{}' in config file lacks created, activestate "
                                     "or header_state",
                                     language));
        return words;
    }
    return Error(ErrorId::usage_invalid, fmt::format("Cannot find language '{}' in config file", language));
}

Qwinsta::Qwinsta(Regex front, Regex created, Regex disconnected, Regex reconnected, Regex active, Regex gone,
                 Regex state, std::string session_column)
    : front_(std::move(front)),
      created_(std::move(created)),
      disconnected_(std::move(disconnected)),
      reconnected_(std::move(reconnected)),
      active_(std::move(active)),
      gone_(std::move(gone)),
      state_(std::move(state)),
      session_column_(std::move(session_column)) {}

Result<Qwinsta> Qwinsta::with(const QwinstaWords& words) {
    MULLION_ASSIGN(auto front, compiled("^(.*?)" + words.created + ".*$"));
    MULLION_ASSIGN(auto created, counting(words.created));
    MULLION_ASSIGN(auto disconnected, counting(words.disconnected));
    MULLION_ASSIGN(auto reconnected, counting(words.reconnected));
    MULLION_ASSIGN(auto active, Regex::compile(words.active, "config"));
    MULLION_ASSIGN(auto gone, Regex::compile(words.disconnected_state, "config"));
    MULLION_ASSIGN(auto state, Regex::compile(words.state_column, "config"));
    return Qwinsta(std::move(front), std::move(created), std::move(disconnected), std::move(reconnected),
                   std::move(active), std::move(gone), std::move(state), words.session_column);
}

Result<std::optional<QwinstaSaid>> Qwinsta::sort_out(std::string_view text) const {
    MULLION_ASSIGN(const auto front, captured(front_, text));
    if (!front) return std::optional<QwinstaSaid>();
    QwinstaSaid said;
    said.sessions = table_of(*front);
    MULLION_ASSIGN(said.created, captured(created_, text));
    MULLION_ASSIGN(said.disconnected, captured(disconnected_, text));
    MULLION_ASSIGN(said.reconnected, captured(reconnected_, text));
    return std::optional(std::move(said));
}

Result<bool> Qwinsta::in_state(const QwinstaSession& session, const Regex& wanted) const {
    for (const auto& [column, value] : session) {
        MULLION_ASSIGN(const bool of_state, state_.matches(column));
        MULLION_ASSIGN(const bool matches, wanted.matches(value));
        if (of_state && matches) return true;
    }
    return false;
}

Result<bool> Qwinsta::is_active(const QwinstaSession& session) const {
    return in_state(session, active_);
}

Result<bool> Qwinsta::is_disconnected(const QwinstaSession& session) const {
    return in_state(session, gone_);
}

}  // namespace mullion::checks
