#include "winrm/query.h"

#include "winrm/letters.h"
#include "winrm/refuse.h"
#include "wsman/uris.h"

namespace mullion::winrm {
namespace {

using Id = SwitchId;

std::string dialect_of(const std::string& text) {
    if (same_letters(text, "wql")) return std::string(wsman::dialect::wql);
    if (same_letters(text, "selector")) return std::string(wsman::dialect::selector);
    if (same_letters(text, "association")) return std::string(wsman::dialect::association);
    if (same_letters(text, "xpath")) return std::string(wsman::dialect::xpath);
    return text;
}

Result<ReturnType> return_type_of(const Switches& switches) {
    if (!switches.has(Id::return_type)) return ReturnType::object;
    const auto text = switches.text(Id::return_type);
    if (same_letters(text, "object")) return ReturnType::object;
    if (same_letters(text, "epr")) return ReturnType::epr;
    if (same_letters(text, "objectandepr")) return ReturnType::object_and_epr;
    return refuse_with_error("-returntype:" + text + " is not a valid option");
}

Result<Hierarchy> hierarchy_of(const Switches& switches) {
    const bool shallow = switches.has(Id::shallow);
    const bool base = switches.has(Id::base_properties_only);
    if (shallow && base) {
        return refuse_with_error("The '-shallow' option cannot be used together with '-basepropertiesonly'");
    }
    return shallow ? Hierarchy::shallow : base ? Hierarchy::base_properties_only : Hierarchy::deep;
}

}  // namespace

Result<Query> query_of(const Switches& switches, Operation operation) {
    Query query;
    query.dialect = dialect_of(switches.text(Id::dialect));
    if (operation != Operation::enumerate) {
        // winrm takes no notice of it.
        if (switches.has(Id::filter))
            return refuse_with_error("Switch not allowed with the given operation: filter");
        return query;
    }
    query.filter = switches.text(Id::filter);
    if (switches.has(Id::filter) && query.dialect.empty()) query.dialect = wsman::dialect::wql;
    query.associations = switches.has(Id::associations);
    const bool by_association = same_letters(query.dialect, wsman::dialect::association);
    if (by_association && query.filter.empty()) {
        return refuse_with_error("-filter parameter is required for the given dialect");
    }
    if (query.associations && !by_association) {
        return refuse_with_error("-associations is not a valid option for the given dialect");
    }
    if (same_letters(query.dialect, wsman::dialect::selector)) {
        MULLION_ASSIGN(query.selectors, parse_plain_bag(query.filter));
    }
    MULLION_ASSIGN(query.return_type, return_type_of(switches));
    MULLION_ASSIGN(query.hierarchy, hierarchy_of(switches));
    return query;
}

}  // namespace mullion::winrm
