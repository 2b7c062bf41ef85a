// The demo campus as rows: tables and columns as in db/migrations, in the order in which they can be inserted.

export interface DemoCampus {
  organisations: { id: number; code: string; name: string; time_zone: string; locale: string; mail_domain: string }[];
  departments: { id: number; organisation_id: number; code: string; name: string }[];
  terms: { id: number; organisation_id: number; academic_year: string; semester: number; starts_on: string; ends_on: string }[];
  holidays: { id: number; organisation_id: number; date: string; name: string }[];
  users: {
    id: number;
    organisation_id: number;
    department_id: number | null;
    email: string;
    name: string;
    role: 'student' | 'cr' | 'faculty' | 'hod' | 'admin' | 'registrar';
  }[];
  sections: { id: number; department_id: number; year: number; name: string }[];
  students: { id: number; user_id: number; section_id: number; student_id: string; roll_number: string }[];
  faculty: { id: number; user_id: number; faculty_id: string }[];
  subjects: {
    id: number;
    organisation_id: number;
    subject_code: string;
    subject_mnemonic: string;
    subject_name: string;
    subject_type: 'theory' | 'lab';
  }[];
  faculty_assignment: { id: number; faculty_id: number; subject_id: number; section_id: number; term_id: number }[];
  student_subject: { id: number; student_id: number; subject_id: number; section_id: number; valid_from: string; valid_to: null }[];
  rooms: {
    id: number;
    organisation_id: number;
    name: string;
    building: string;
    capacity: number;
    kind: 'theory' | 'lab';
    /** A JSON array of words. */
    equipment: string;
  }[];
  weekly_slot: { id: number; organisation_id: number; weekday: number; start_time: string; end_time: string; purpose: 'makeup' | 'period' }[];
  default_schedule: { id: number; assignment_id: number; room_id: number; weekday: number; start_time: string; end_time: string }[];
  schedule: {
    id: number;
    assignment_id: number;
    room_id: number;
    default_schedule_id: number;
    planned_date: string;
    date: string;
    starts_at: Date;
    ends_at: Date;
    time_zone: string;
    updated_at: Date;
  }[];
  claims: { kind: 'faculty' | 'room'; resource_id: number; slot: number; session_id: number }[];
  subject_parts: {
    id: number;
    subject_id: number;
    kind: 'lecture' | 'lab';
    meetings: number;
    periods: number;
    room_kind: 'theory' | 'lab';
    /** A JSON array of words. */
    equipment: string;
    week: 'every';
  }[];
  faculty_times: { id: number; faculty_id: number; weekday: number; start_time: string; end_time: string; cost: number | null }[];
  room_closures: { id: number; room_id: number; weekday: number; start_time: string; end_time: string; week: 'every' }[];
}
