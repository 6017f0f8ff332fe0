// The classes of CIM (DMTF's schema 2, as WMI has it) that Windows' classes stand on. They have no instances
// of their own; who asks for one of them gets those of its subclasses.
#pragma once

#include "cim/class_def.h"

namespace mullion::cim {

extern const ClassDef cim_managed_system_element;
extern const ClassDef cim_logical_element;
extern const ClassDef cim_system;
extern const ClassDef cim_computer_system;
extern const ClassDef cim_unitary_computer_system;
extern const ClassDef cim_operating_system;
extern const ClassDef cim_logical_device;
extern const ClassDef cim_processor;
extern const ClassDef cim_storage_extent;
extern const ClassDef cim_logical_disk;
extern const ClassDef cim_storage_volume;
extern const ClassDef cim_process;

}  // namespace mullion::cim
