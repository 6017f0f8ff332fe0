// A connector's hosts. Internal to the folder.
#pragma once

#include "core/result.h"
#include "secrets/managers/delegate.h"
#include "secrets/store/store.h"

namespace mullion::secrets {

// Errors: secrets.missing (with the reference that was meant, where a wider scope has it), secrets.kind,
// usage.unsupported (the delegate lacks a selector), and those of Store::get
[[nodiscard]] Result<PdcConnector> list_of_hosts(const Identity& connector, Store& store,
                                                 const Delegate& delegate);

}  // namespace mullion::secrets
