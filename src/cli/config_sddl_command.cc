#include "cli/config_sddl_command.h"

#include <fmt/core.h>

#include <algorithm>

#include "rights/access_text.h"
#include "rights/sddl.h"

namespace mullion::cli {
namespace {

using rights::Descriptor;
using rights::Edited;

constexpr const char* header =
    "# Who may use {}.\n"
    "#\n"
    "#   NAME: RIGHTS         allows, and\n"
    "#   deny NAME: RIGHTS    takes precedence over it\n"
    "#\n"
    "# Rights are Full, or of Read (Get, Enumerate, Subscribe), Write (Put, Create, Delete) and Execute "
    "(Invoke,\n"
    "# shells) those that are meant, with commas between. A name is a group's, as Remote Management Users, "
    "an\n"
    "# account's or a SID. A line that is taken away takes the rights away. What is written to the log of "
    "all\n"
    "# this is not shown, and stays.\n";

Error wrong(std::string what) {
    return {ErrorId::usage_invalid, std::move(what)};
}

Error refused(rights::EditFault fault) {
    return wrong(std::string(rights::text(fault)));
}

Result<Edited> edited(rights::EditResult result) {
    if (const auto* fault = std::get_if<rights::EditFault>(&result)) return refused(*fault);
    return std::get<Edited>(std::move(result));
}

// What only the change of one SID can tell.
std::string remarks(const rights::AccessLine& line, const Edited& done, const rights::Names& names) {
    const auto wanted = rights::map_generic(line.mask, rights::winrm_mapping);
    if ((done.effective & wanted) == wanted) return {};
    return fmt::format("{} still has no more than {}: an entry that denies stands before it\n",
                       rights::trustee_name(line.sid, names), rights::right_names(done.effective));
}

Result<rights::AccessLine> read_line(const std::string& option, std::string text,
                                     const rights::Names& names) {
    const bool name_alone = option == "--revoke" && rights::find_trustee(text, names);
    if (name_alone) text += ": Full";
    auto read = rights::parse_access_line(text, names);
    if (const auto* fault = std::get_if<rights::AccessTextFault>(&read)) {
        auto error = wrong(fmt::format("{}: {}", option, fault->what));
        error.advice.push_back(names.known());
        return error;
    }
    const auto& line = std::get<rights::AccessLine>(read);
    if (line.type != rights::AceType::A)
        return wrong(option + ": what denies is written in the editor, or with --sddl");
    return line;
}

struct Outcome {
    Descriptor descriptor;
    bool reordered = false;
    std::string remarks;
};

Result<Outcome> by_options(const Descriptor& before, const SddlChange& change, const rights::Names& names) {
    Outcome out{before, false, {}};
    // What is granted comes first, so that rights can move from one to another without anybody shut out.
    for (const auto& text : change.grants) {
        MULLION_ASSIGN(const auto line, read_line("--grant", text, names));
        MULLION_ASSIGN(auto done, edited(rights::grant(out.descriptor, line.sid, line.mask)));
        out.remarks += remarks(line, done, names);
        out.reordered |= done.reordered;
        out.descriptor = std::move(done.descriptor);
    }
    for (const auto& text : change.revokes) {
        MULLION_ASSIGN(const auto line, read_line("--revoke", text, names));
        MULLION_ASSIGN(auto done, edited(rights::revoke(out.descriptor, line.sid, line.mask)));
        out.reordered |= done.reordered;
        out.descriptor = std::move(done.descriptor);
    }
    return out;
}

Result<Outcome> by_sddl(const std::string& sddl, const rights::Names& names) {
    auto read = rights::parse_sddl(sddl, names.domains);
    if (const auto* fault = std::get_if<rights::SddlFault>(&read)) return wrong("--sddl: " + fault->text());
    Outcome out{std::get<Descriptor>(std::move(read)), false, {}};
    if (!rights::someone_has_full_access(out.descriptor)) return refused(rights::EditFault::locked_out);
    if (!out.descriptor.dacl || out.descriptor.dacl->null)
        out.remarks = "it has no D: list: everyone who logs on may do everything\n";
    return out;
}

constexpr std::string_view mark = "# WRONG: ";

// What is wrong stands at the top the next time. Who leaves the rest as it is gives up, and so does an editor
// that is a program and writes the same over and over.
constexpr int most_rounds = 10;

Result<Outcome> by_hand(const Descriptor& before, const std::string& name, const rights::Names& names,
                        const EditText& edit) {
    if (!before.dacl || before.dacl->null) return refused(rights::EditFault::no_dacl);
    std::string last = fmt::format(header, name);
    last += fmt::format("# {}\n\n{}", names.known(), rights::write_access_text(before, names));
    std::string told;
    int rounds = 0;
    while (true) {
        MULLION_ASSIGN(std::string text, edit(told + last));
        if (text.starts_with(mark)) text.erase(0, std::min(text.find('\n'), text.size() - 1) + 1);
        auto result = rights::apply_access_text(before, text, names);
        if (auto* done = std::get_if<Edited>(&result))
            return Outcome{std::move(done->descriptor), done->reordered, {}};
        std::string why;
        // Counted with the line on top, as an editor does.
        if (const auto* fault = std::get_if<rights::AccessTextFault>(&result))
            why = fmt::format("line {}: {}", fault->line + 1, fault->what);
        else
            why = rights::text(std::get<rights::EditFault>(result));
        if (text == last || ++rounds == most_rounds) return wrong(std::move(why));
        told = fmt::format("{}{}\n", mark, why);
        last = std::move(text);
    }
}

Result<Outcome> changed(const Descriptor& before, const SddlChange& change, const SddlPlace& place,
                        const rights::Names& names, const EditText& edit) {
    const bool options = !change.grants.empty() || !change.revokes.empty();
    if (change.sddl && options) return wrong("--sddl is the whole of it: without --grant and --revoke");
    if (change.sddl) return by_sddl(*change.sddl, names);
    if (options) return by_options(before, change, names);
    return by_hand(before, place.name, names, edit);
}

}  // namespace

Result<std::string> config_sddl(const SddlChange& change, const SddlPlace& place, const rights::Names& names,
                                const EditText& edit) {
    MULLION_ASSIGN(const std::string text, place.get());
    auto read = rights::parse_sddl(text, names.domains);
    if (const auto* fault = std::get_if<rights::SddlFault>(&read); fault && !change.sddl)
        return Error{ErrorId::usage_unsupported,
                     fmt::format("{} cannot be edited here, only replaced as a whole (--sddl): {}",
                                 place.name, fault->text())};
    const auto* before = std::get_if<Descriptor>(&read);
    MULLION_ASSIGN(auto done, changed(before ? *before : Descriptor{}, change, place, names, edit));
    if (before && done.descriptor == *before) return place.name + " is so already\n" + done.remarks;
    MULLION_TRY(place.put(rights::write_sddl(done.descriptor, names.domains)));
    std::string out =
        fmt::format("{} is now:\n{}", place.name, rights::write_access_text(done.descriptor, names));
    if (done.reordered)
        out += "its entries were put in order, denials first: others may have less than before\n";
    return out + done.remarks;
}

}  // namespace mullion::cli
