/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Microsoft's source annotations (SAL 2, and the driver annotations of the
 * WDK), as nothing: they tell Microsoft's analyser what C cannot say, and no
 * other tool reads them.
 */
#ifndef _NDIS_SAL_H
#define _NDIS_SAL_H

/* Parameters */
#define _In_
#define _In_opt_
#define _In_z_
#define _In_opt_z_
#define _In_range_(low, high)
#define _In_reads_(count)
#define _In_reads_opt_(count)
#define _In_reads_z_(count)
#define _In_reads_bytes_(count)
#define _In_reads_bytes_opt_(count)
#define _In_reads_or_z_(count)
#define _Inout_
#define _Inout_opt_
#define _Inout_updates_(count)
#define _Inout_updates_opt_(count)
#define _Inout_updates_to_(size, count)
#define _Inout_updates_all_(count)
#define _Inout_updates_bytes_(count)
#define _Inout_updates_bytes_opt_(count)
#define _Inout_updates_bytes_to_(size, count)
#define _Inout_updates_bytes_all_(count)
#define _Out_
#define _Out_opt_
#define _Out_range_(low, high)
#define _Out_writes_(count)
#define _Out_writes_opt_(count)
#define _Out_writes_z_(count)
#define _Out_writes_to_(size, count)
#define _Out_writes_all_(count)
#define _Out_writes_bytes_(count)
#define _Out_writes_bytes_opt_(count)
#define _Out_writes_bytes_to_(size, count)
#define _Out_writes_bytes_to_opt_(size, count)
#define _Out_writes_bytes_all_(count)
#define _Out_writes_bytes_all_opt_(count)
#define _Outptr_
#define _Outptr_opt_
#define _Outptr_result_maybenull_
#define _Outptr_opt_result_maybenull_
#define _Outptr_result_nullonfailure_
#define _Outptr_result_buffer_(count)
#define _Outptr_result_bytebuffer_(count)
#define _COM_Outptr_
#define _Reserved_
#define _Const_
#define _Notnull_
#define _Maybenull_
#define _Null_terminated_
#define _NullNull_terminated_
#define _Printf_format_string_

/* Results */
#define _Ret_maybenull_
#define _Ret_notnull_
#define _Ret_null_
#define _Ret_valid_
#define _Ret_range_(low, high)
#define _Ret_writes_(count)
#define _Ret_writes_bytes_(count)
#define _Ret_writes_bytes_maybenull_(count)
#define _Check_return_
#define _Check_return_opt_
#define _Must_inspect_result_
#define _Success_(condition)
#define _Return_type_success_(condition)
#define _On_failure_(annotations)
#define _Always_(annotations)

/* Structures, conditions, intent */
#define _Field_size_(count)
#define _Field_size_opt_(count)
#define _Field_size_bytes_(count)
#define _Field_size_bytes_opt_(count)
#define _Field_size_part_(size, count)
#define _Field_size_bytes_part_(size, count)
#define _Field_range_(low, high)
#define _Field_z_
#define _Struct_size_bytes_(size)
#define _When_(condition, annotations)
#define _At_(target, annotations)
#define _At_buffer_(target, iterator, bound, annotations)
#define _Group_(annotations)
#define _Pre_
#define _Post_
#define _Pre_valid_
#define _Pre_notnull_
#define _Pre_maybenull_
#define _Pre_satisfies_(condition)
#define _Post_valid_
#define _Post_invalid_
#define _Post_ptr_invalid_
#define _Post_notnull_
#define _Post_maybenull_
#define _Post_satisfies_(condition)
#define _Post_writable_byte_size_(size)
#define _Post_readable_byte_size_(size)
#define _Post_equal_to_(expression)
#define _Unchanged_(expression)
#define _Readable_bytes_(size)
#define _Writable_bytes_(size)
#define _Deref_out_range_(low, high)
#define _Literal_
#define _Strict_type_match_
#define _Enum_is_bitflag_
#define _Points_to_data_
#define _Interlocked_operand_
#define _Function_class_(name)
#define _Use_decl_annotations_
#define _Analysis_assume_(condition)
#define _Analysis_noreturn_
#define _Analysis_mode_(mode)

/* Levels and locks */
#define _IRQL_requires_(irql)
#define _IRQL_requires_max_(irql)
#define _IRQL_requires_min_(irql)
#define _IRQL_requires_same_
#define _IRQL_raises_(irql)
#define _IRQL_saves_
#define _IRQL_restores_
#define _IRQL_saves_global_(kind, lock)
#define _IRQL_restores_global_(kind, lock)
#define _IRQL_uses_cancel_
#define _IRQL_always_function_max_(irql)
#define _IRQL_always_function_min_(irql)
#define _Acquires_lock_(lock)
#define _Acquires_exclusive_lock_(lock)
#define _Acquires_shared_lock_(lock)
#define _Releases_lock_(lock)
#define _Releases_exclusive_lock_(lock)
#define _Releases_shared_lock_(lock)
#define _Requires_lock_held_(lock)
#define _Requires_exclusive_lock_held_(lock)
#define _Requires_shared_lock_held_(lock)
#define _Requires_lock_not_held_(lock)
#define _Requires_no_locks_held_
#define _Acquires_nonreentrant_lock_(lock)
#define _Releases_nonreentrant_lock_(lock)
#define _Create_lock_level_(level)
#define _Has_lock_level_(level)
#define _Lock_level_order_(a, b)
#define _Has_lock_kind_(kind)
#define _Guarded_by_(lock)
#define _Write_guarded_by_(lock)
#define _Interlocked_
#define _Kernel_clear_do_init_(answer)
#define _Kernel_float_saved_
#define _Kernel_float_restored_
#define _Kernel_entry_

/* What is older than SAL 2 and still seen */
#define __drv_aliasesMem
#define __drv_allocatesMem(kind)
#define __drv_freesMem(kind)
#define __drv_freesMem_(kind)
#define __drv_requiresIRQL(irql)
#define __drv_maxIRQL(irql)
#define __drv_minIRQL(irql)
#define __drv_sameIRQL
#define __drv_raisesIRQL(irql)
#define __drv_savesIRQL
#define __drv_restoresIRQL
#define __drv_functionClass(name)
#define __drv_when(condition, annotations)
#define __drv_at(target, annotations)
#define __drv_arg(target, annotations)
#define __drv_preferredFunction(function, why)
#define __drv_reportError(why)
#define __drv_mustHold(kind)
#define __drv_mustHoldCriticalRegion
#define __drv_interlocked
#define __drv_strictTypeMatch(mode)
#define __drv_freesMemory
#define __deref_out
#define __deref_opt_out
#define __in_opt
#define __in_bcount(size)
#define __in_ecount(size)
#define __out_opt
#define __out_bcount(size)
#define __out_ecount(size)
#define __out_bcount_opt(size)
#define __inout
#define __inout_opt
#define __inout_bcount(size)
#define __inout_ecount(size)
#define __checkReturn
#define __field_bcount(size)
#define __field_ecount(size)
#define __analysis_assume(condition)	do { } while (0)

#endif /* _NDIS_SAL_H */
