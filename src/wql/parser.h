// What the parts of the parser share: the query, the word that is looked at, and the first fault.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "wql/fold.h"
#include "wql/parse.h"
#include "wql/tokens.h"

namespace mullion::wql {

class Cursor {
public:
    Cursor(std::string_view query, const Limits& limits) : limits_(limits), query_(query) { go_on_at(0); }

    [[nodiscard]] const Token& now() const { return now_; }
    [[nodiscard]] const Limits& limits() const { return limits_; }
    [[nodiscard]] std::string_view query() const { return query_; }
    [[nodiscard]] bool at_end() const { return now_.kind == Token::Kind::end; }
    [[nodiscard]] bool at_mark(std::string_view mark) const {
        return now_.kind == Token::Kind::mark && now_.text == mark;
    }
    [[nodiscard]] bool at_word(std::string_view word) const {
        return now_.kind == Token::Kind::name && same_name(now_.text, word);
    }

    Token take() {
        auto token = now_;
        go_on_at(token.end);
        return token;
    }
    bool take_mark(std::string_view mark) {
        const bool here = at_mark(mark);
        if (here) take();
        return here;
    }
    bool take_word(std::string_view word) {
        const bool here = at_word(word);
        if (here) take();
        return here;
    }
    void go_on_at(std::size_t place) { now_ = token_at(query_, place); }

    // All say false. A word that is wrong by itself tells its own fault.
    bool fail(std::string expected) {
        if (now_.kind == Token::Kind::wrong) expected = now_.expected;
        return fail_at(now_.place, std::move(expected));
    }
    bool fail_at(std::size_t place, std::string expected, Wrong wrong = Wrong::syntax) {
        return fail_with(fault_at(query_, place, wrong, std::move(expected)));
    }
    bool fail_with(Fault fault) {
        if (!fault_) fault_ = std::move(fault);
        return false;
    }
    [[nodiscard]] Fault fault() && { return std::move(*fault_); }

    // A name that is no reserved word.
    bool name(std::string& into, const char* expected) {
        if (now_.kind != Token::Kind::name || is_reserved(now_.text)) return fail(expected);
        const auto most = limits_.path.name;
        if (now_.text.size() > most)
            return fail_at(now_.place, "a name of at most " + std::to_string(most) + " characters",
                           Wrong::limit);
        into = take().text;
        return true;
    }

private:
    const Limits& limits_;
    std::string_view query_;
    Token now_;
    std::optional<Fault> fault_;
};

bool read_property(Cursor& in, Property& into);
// Takes the class's own name from the front, as often as it stands there and something stands behind it.
void drop_class(Property& property, std::string_view class_name);
// Says false where a clause of other languages, or of event queries, stands here; else true.
bool no_foreign_clause(Cursor& in);
bool read_where(Cursor& in, std::string_view class_name, int offset_minutes, Expression& into);
bool read_traversal(Cursor& in, Traversal& into);

}  // namespace mullion::wql
