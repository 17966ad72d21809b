import { Badge } from "./badge.tsx";

export function Greeting({ name, loud }: { name: string; loud: boolean }) {
  const text = (loud ? "HELLO " : "Hello ") + name;
  return (
    <p className="greeting">
      <b>{text}</b>
    </p>
  );
}
